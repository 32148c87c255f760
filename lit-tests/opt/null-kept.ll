; Where a body cannot be rewritten, here for a call of what may be null, its
; rules for null come along.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     define void @caller({{.*}}) [[ATTRIBUTES:#[0-9]+]] {
; CHECK:       call void %x()
; CHECK:     attributes [[ATTRIBUTES]] = { null_pointer_is_valid }

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @helper(ptr)

define void @caller(ptr %x) {
  call void @helper(ptr %x)
  ret void
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define void @helper(ptr %x) null_pointer_is_valid {
  call void %x()
  ret void
}
