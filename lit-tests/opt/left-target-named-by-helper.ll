; A helper stays a call where another one that is imported calls it and the
; caller lacks its features; a caller that has them inlines it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:       warning: inline-helpers: helper 'helper' stays a call in 'baseline': it needs target features its caller does not have (helper) [target-features]
; CHECK-NOT:   warning
; CHECK-LABEL: define i32 @caller(
; CHECK:         call <8 x i32> @llvm.x86.avx2.phadd.d(
; CHECK-LABEL: define i32 @baseline(
; CHECK-NEXT:    call i32 @helper(
; CHECK-NOT:   @other
; CHECK-NOT:   define {{.*}}@helper(

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @other(i32)
declare i32 @helper(i32)

define i32 @caller(i32 %x) "target-cpu"="x86-64" "target-features"="+avx2" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @baseline(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @other(i32 %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @other(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @helper(i32 %x) "target-cpu"="x86-64" "target-features"="+avx2" {
  %v = insertelement <8 x i32> zeroinitializer, i32 %x, i32 0
  %s = call <8 x i32> @llvm.x86.avx2.phadd.d(<8 x i32> %v, <8 x i32> %v)
  %r = extractelement <8 x i32> %s, i32 0
  ret i32 %r
}

declare <8 x i32> @llvm.x86.avx2.phadd.d(<8 x i32>, <8 x i32>)
