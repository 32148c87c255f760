; A check for null after an access, in the helper, survives the optimiser: the
; helper was compiled for a world where null can be accessed.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,default<O2>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         icmp eq ptr %x, null
; CHECK-LABEL: define i32 @caller_with_check(
; CHECK:         icmp eq ptr %x, null
; CHECK-NOT:   @helper
; CHECK-NOT:   null_pointer_is_valid

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(ptr)

define i32 @caller(ptr %x) {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

; Nor does the caller learn from the access that its pointer is not null.
define i32 @caller_with_check(ptr %x) {
  %r = call i32 @helper(ptr %x)
  %null = icmp eq ptr %x, null
  %result = select i1 %null, i32 77, i32 %r
  ret i32 %result
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(ptr %x) null_pointer_is_valid {
  %value = load volatile i32, ptr %x, align 4
  %null = icmp eq ptr %x, null
  %r = select i1 %null, i32 -1, i32 %value
  ret i32 %r
}
