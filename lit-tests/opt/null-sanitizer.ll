; What a sanitizer is to check stays an ordinary access, and the rules for null
; come along.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,asan' \
; RUN:   %t/crate.ll -S | FileCheck %s --check-prefix=CHECKED

; CHECK:     define i32 @caller({{.*}}) [[ATTRIBUTES:#[0-9]+]] {
; CHECK:       load i32, ptr %x
; CHECK-NOT: @helper
; CHECK:     attributes [[ATTRIBUTES]] = { null_pointer_is_valid sanitize_address }

; CHECKED:   call void @__asan_report_load4(

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(ptr)

define i32 @caller(ptr %x) sanitize_address {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(ptr %x) null_pointer_is_valid sanitize_address {
  %r = load i32, ptr %x, align 4
  ret i32 %r
}
