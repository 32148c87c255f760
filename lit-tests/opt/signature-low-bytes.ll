; A structure of less than a register, which AArch64 returns in the low bytes of
; one, is inlined; an integer that is declared wider than defined stays a call.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK-NOT:   warning
; CHECK:       warning: inline-helpers: helper 'number' stays a call: the call's signature differs from the definition's [signature]
; CHECK-NOT:   warning
; CHECK-LABEL: define i32 @caller(
; CHECK:         [[A:%.*]] = add i32 %x, 1
; CHECK:         [[R:%.*]] = zext i32 [[A]] to i64
; CHECK:         store i64 [[R]], ptr %structure
; CHECK:         call noundef i64 @number(i32 %x)

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32"
target triple = "aarch64-unknown-none"

declare i64 @structure(i32)
declare noundef i64 @number(i32)

define i32 @caller(i32 %x) {
  %structure = alloca i64
  %r = call i64 @structure(i32 %x)
  store i64 %r, ptr %structure
  %n = call noundef i64 @number(i32 %x)
  %v = load i32, ptr %structure
  ret i32 %v
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32"
target triple = "aarch64-unknown-linux-gnu"

define i32 @structure(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

define i32 @number(i32 %x) {
  %r = add i32 %x, 2
  ret i32 %r
}
