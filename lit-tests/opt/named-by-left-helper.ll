; Where no copy may stand for a helper that another one calls, which stays a call
; itself, nothing is left of the first.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=allow>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-NOT:   @helper
; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    call i32 @outer(
; CHECK-NEXT:    add i32
; CHECK-NOT:   @helper

;--- crate.ll
declare i32 @helper(i32)
declare i32 @outer(i32)

define i32 @checked(i32 %x) safestack {
  ret i32 %x
}

define i32 @caller(i32 %x) {
  %a = call i32 @outer(i32 %x)
  %b = call i32 @helper(i32 %a)
  ret i32 %b
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

define i32 @outer(i32 %x) noinline {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}
