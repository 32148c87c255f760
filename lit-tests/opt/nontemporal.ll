; The scalar loads of a helper lose the hint that LLVM's code generation for
; x86_64 cannot take; loads of vectors keep it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S -o %t/inlined.ll
; RUN: FileCheck %s < %t/inlined.ll
; RUN: llc %t/inlined.ll -o /dev/null

; CHECK-LABEL: @caller(
; CHECK:         load i8, ptr %p, align 1{{$}}
; CHECK:         load <4 x i32>, ptr %p, align 16, !nontemporal

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i64 @helper(ptr, i64)

define i64 @caller(ptr %p, i64 %x) {
  %r = call i64 @helper(ptr %p, i64 %x)
  ret i64 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i64 @helper(ptr %p, i64 %x) {
  %byte = load i8, ptr %p, align 1, !nontemporal !0
  %wide = zext i8 %byte to i64
  %sum = add i64 %x, %wide
  %vector = load <4 x i32>, ptr %p, align 16, !nontemporal !0
  %element = extractelement <4 x i32> %vector, i32 1
  %more = zext i32 %element to i64
  %result = add i64 %sum, %more
  ret i64 %result
}

!0 = !{i32 1}
