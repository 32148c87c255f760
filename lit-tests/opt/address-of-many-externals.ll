; What several helpers refer to is declared as position-independent code wants
; it, not as their own file could assume.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-DAG: @first_data = external global i32
; CHECK-DAG: @second_data = external global i32

;--- crate.ll
declare i32 @first(i32)
declare i32 @second(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @first(i32 %x)
  %b = call i32 @second(i32 %a)
  ret i32 %b
}

!llvm.module.flags = !{!0}
!0 = !{i32 8, !"PIC Level", i32 2}

;--- library.ll
@first_data = external dso_local global i32
@second_data = external dso_local global i32

define i32 @first(i32 %x) {
  %r = load i32, ptr @first_data
  ret i32 %r
}

define i32 @second(i32 %x) {
  %r = load i32, ptr @second_data
  ret i32 %r
}
