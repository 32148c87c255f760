; Module flags of the library do not come along, even where they contradict the
; crate's.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         %[[R:.*]] = add i32 %x, 1
; CHECK-NEXT:    ret i32 %[[R]]
; CHECK-NOT:   @helper
; CHECK:       !llvm.module.flags = !{[[FLAG:![0-9]+]]}
; CHECK:       [[FLAG]] = !{i32 1, !"Code Model", i32 1}
; CHECK-NOT:   ThinLTO

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

!llvm.module.flags = !{!0}
!0 = !{i32 1, !"Code Model", i32 1}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

!llvm.module.flags = !{!0, !1}
!0 = !{i32 1, !"Code Model", i32 2}
!1 = !{i32 1, !"ThinLTO", i32 1}
