; One function of the library with another CPU does not make the others exceed
; its baseline.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    add i32 %x, 1
; CHECK-NOT:   @helper

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @caller(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @of_another_cpu(i32 %x) "target-cpu"="haswell" "target-features"="+avx2,+sse4.2" {
  ret i32 %x
}

define i32 @helper(i32 %x) "target-cpu"="corei7" "target-features"="+sse4.2" {
  %r = add i32 %x, 1
  ret i32 %r
}

define i32 @without_sse(i32 %x) "target-cpu"="corei7" {
  ret i32 %x
}

define i32 @other(i32 %x) "target-cpu"="corei7" "target-features"="+sse4.2" {
  ret i32 %x
}
