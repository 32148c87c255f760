; A helper's call of another that the crate does not want stays a call of the
; linked one.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    call i32 @inner(i32 %x)
; CHECK-NOT:   @helper
; CHECK:       declare i32 @inner(i32)

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = call i32 @inner(i32 %x)
  ret i32 %r
}

define i32 @inner(i32 %x) {
  ret i32 %x
}
