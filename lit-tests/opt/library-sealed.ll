; A sealed library is imported like its bare bitcode.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: inline-helpers compile -o %t/sealed.bc %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -S %t/crate.ll \
; RUN:   -passes='import-helpers<library=%t/sealed.bc;leftover=error>' \
; RUN:   | FileCheck %s

; CHECK-NOT:   @helper
; CHECK-LABEL: define i32 @caller(
; CHECK:         add i32 %x, 1
; CHECK-NOT:   @helper

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
