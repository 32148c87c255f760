; A call that is spelled differently and uses the same registers is inlined,
; whatever becomes of the values' types.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s --implicit-check-not=call

; CHECK-LABEL: define { i64, double } @caller(
; CHECK-DAG:     [[A:%.*]] = extractvalue { i64, double } %s, 0
; CHECK-DAG:     [[B:%.*]] = extractvalue { i64, double } %s, 1
; CHECK-DAG:     [[P:%.*]] = inttoptr i64 [[A]] to ptr
; CHECK-DAG:     [[V:%.*]] = bitcast double [[B]] to <2 x float>
; CHECK:         fneg <2 x float> [[V]]
; CHECK:         getelementptr i8, ptr [[P]], i64 1
; CHECK:         ptrtoint ptr
; CHECK:         bitcast <2 x float> {{.*}} to double
; CHECK:         ret { i64, double }

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare { i64, double } @helper({ i64, double })

define { i64, double } @caller({ i64, double } %s) {
  %r = call { i64, double } @helper({ i64, double } %s)
  ret { i64, double } %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define { ptr, <2 x float> } @helper(ptr %p, <2 x float> %v) {
  %n = fneg <2 x float> %v
  %q = getelementptr i8, ptr %p, i64 1
  %a = insertvalue { ptr, <2 x float> } poison, ptr %q, 0
  %b = insertvalue { ptr, <2 x float> } %a, <2 x float> %n, 1
  ret { ptr, <2 x float> } %b
}
