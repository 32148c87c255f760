; A division by the caller's zero is warned of, though LLVM makes no
; unreachable of it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'quotient' becomes unreachable in 'by_zero': it always ends in a division by zero;
; CHECK: warning: inline-helpers: helper 'remainder' becomes unreachable in 'modulo_zero': it always ends in a division by zero;

;--- crate.ll
declare i32 @quotient(i32, i32)
declare i32 @remainder(i32, i32)

define i32 @by_zero(i32 %x) {
  %r = call i32 @quotient(i32 %x, i32 0)
  ret i32 %r
}

define i32 @modulo_zero(i32 %x) {
  %r = call i32 @remainder(i32 %x, i32 0)
  ret i32 %r
}

define i32 @by_three(i32 %x) {
  %r = call i32 @quotient(i32 %x, i32 3)
  ret i32 %r
}

define i32 @by_unknown(i32 %x, i32 %y) {
  %r = call i32 @quotient(i32 %x, i32 %y)
  ret i32 %r
}

;--- library.ll
define i32 @quotient(i32 %a, i32 %b) {
  %r = sdiv i32 %a, %b
  ret i32 %r
}

define i32 @remainder(i32 %a, i32 %b) {
  %r = urem i32 %a, %b
  ret i32 %r
}
