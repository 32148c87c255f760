; A copy that remains is compiled for the target of the module, not for that of
; a function which has more features than the rest of the crate.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     define internal i32 @helper({{.*}} [[COPY:#[0-9]+]]
; CHECK-NOT: attributes [[COPY]] = {{.*}}"target-
; CHECK:     attributes [[COPY]] = { uwtable }
; CHECK-NOT: attributes [[COPY]]

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define ptr @special() uwtable "target-cpu"="x86-64" "target-features"="+avx2" {
  ret ptr @helper
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(i32 %x) "target-cpu"="x86-64" "tune-cpu"="generic" {
  ret i32 %x
}
