; llvm.is.constant, which a header's macro leaves in bitcode that is not lowered
; yet, is no obstacle, though LLVM marks it convergent.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i1 @caller(
; CHECK-NEXT:    call i1 @llvm.is.constant.i32(i32 %x)
; CHECK-NOT:     @helper

;--- crate.ll
declare i1 @helper(i32)

define i1 @caller(i32 %x) {
  %r = call i1 @helper(i32 %x)
  ret i1 %r
}

;--- library.ll
define i1 @helper(i32 %x) {
  %r = call i1 @llvm.is.constant.i32(i32 %x)
  ret i1 %r
}

declare i1 @llvm.is.constant.i32(i32)
