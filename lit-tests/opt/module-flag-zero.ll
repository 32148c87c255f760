; A module flag that is 0 says what no flag says, and one that is 2 is as on as
; one that is 1.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    ret i32 %x
; CHECK-NOT:   @helper

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

!llvm.module.flags = !{!0}
!0 = !{i32 1, !"branch-target-enforcement", i32 1}

;--- library.ll
define i32 @helper(i32 %x) {
  ret i32 %x
}

!llvm.module.flags = !{!0, !1}
!0 = !{i32 8, !"sign-return-address", i32 0}
!1 = !{i32 8, !"branch-target-enforcement", i32 2}
