; A helper of one library that calls a helper of the next has it inlined, too.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: llvm-as %t/second.ll -o %t/second.bc
; RUN: opt -load-pass-plugin=%plugin -S %t/crate.ll \
; RUN:   -passes='import-helpers<library=%t/library.bc;library=%t/second.bc;leftover=error>' \
; RUN:   | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NOT:     call
; CHECK-LABEL: define i32 @second_caller(
; CHECK-NOT:     call
; CHECK-NOT:   @helper
; CHECK-NOT:   @outer

;--- crate.ll
declare i32 @outer(i32)
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @second_caller(i32 %x) {
  %r = call i32 @outer(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @outer(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

declare i32 @helper(i32)

;--- second.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
