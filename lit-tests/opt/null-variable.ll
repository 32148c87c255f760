; A helper gets the null that a variable holds at first, not the only other
; value it ever holds.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,default<O2>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:       @variable = internal {{.*}}global
; CHECK-LABEL: define void @start(
; CHECK:         store {{.*}} @variable
; CHECK-LABEL: define i32 @caller(
; CHECK:         load {{.*}} @variable
; CHECK:         load i32, ptr addrspace(255)

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@object = global i32 7
@variable = internal global ptr null

declare i32 @helper(ptr)

define void @start() {
  store ptr @object, ptr @variable
  ret void
}

define i32 @caller() {
  %x = load ptr, ptr @variable
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(ptr %x) null_pointer_is_valid {
  %r = load i32, ptr %x, align 4
  ret i32 %r
}
