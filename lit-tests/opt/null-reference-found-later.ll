; A pointer that turns out not to be null while the crate is optimised is one
; from there on: a variable that only helpers see is promoted to a register.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,default<O2>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define {{.*}}i32 @caller(
; CHECK-NEXT:    ret i32 8
; CHECK-NOT:   null_pointer_is_valid

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @increment(ptr)
declare i32 @read(ptr)

; As UnsafeCell::get, which is not inlined yet where the helper is.
define internal ptr @get(ptr %x) {
  ret ptr %x
}

define i32 @caller() {
  %local = alloca i32
  store i32 7, ptr %local
  %x = call ptr @get(ptr %local)
  call void @increment(ptr %x)
  %y = call ptr @get(ptr %local)
  %r = call i32 @read(ptr %y)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define void @increment(ptr %x) null_pointer_is_valid {
  %old = load i32, ptr %x
  %new = add i32 %old, 1
  store i32 %new, ptr %x
  ret void
}

define i32 @read(ptr %x) null_pointer_is_valid {
  %r = load i32, ptr %x
  ret i32 %r
}
