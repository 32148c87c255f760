; An argument that the crate extends although the helper does not ask for it is
; no contradiction.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         zext i8 %x to i32
; CHECK-NOT:   @helper

;--- crate.ll
declare i32 @helper(i8 zeroext)

define i32 @caller(i8 %x) {
  %r = call i32 @helper(i8 zeroext %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i8 %x) {
  %r = zext i8 %x to i32
  ret i32 %r
}
