; An access to a null that the caller passes stays an access; it does not make
; the code unreachable.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,default<O2>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         load i32, ptr addrspace(255) null
; CHECK:         ret i32
; CHECK-LABEL: define i32 @caller_of_crate_function(
; CHECK:         load i32, ptr addrspace(255) null
; CHECK:         ret i32
; CHECK-NOT:   unreachable

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(ptr)

define i32 @caller() {
  %r = call i32 @helper(ptr null)
  ret i32 %r
}

define internal i32 @wrapper(ptr %x) {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

define i32 @caller_of_crate_function() {
  %r = call i32 @wrapper(ptr null)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(ptr %x) null_pointer_is_valid {
  %r = load i32, ptr %x, align 4
  ret i32 %r
}
