; The place of assembly in clang's source, which means nothing to rustc, is
; dropped.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     call void asm sideeffect "nop"
; CHECK-NOT: srcloc
; CHECK-NOT: 4711

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  call void asm sideeffect "nop", ""(), !srcloc !0
  ret i32 %x
}

!0 = !{i64 4711}
