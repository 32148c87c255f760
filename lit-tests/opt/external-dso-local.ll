; What a library that was compiled for a fixed address assumes of where symbols
; are stays so in a crate of that kind, and is not assumed in
; position-independent code.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/static.ll -S | FileCheck --check-prefix=STATIC %s
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/pic.ll -S | FileCheck --check-prefix=PIC %s

; STATIC: @variable = external dso_local global i32
; PIC:    @variable = external global i32

;--- static.ll
declare i32 @helper()

define i32 @caller() {
  %r = call i32 @helper()
  ret i32 %r
}

;--- pic.ll
declare i32 @helper()

define i32 @caller() {
  %r = call i32 @helper()
  ret i32 %r
}

!llvm.module.flags = !{!0}
!0 = !{i32 8, !"PIC Level", i32 2}

;--- library.ll
@variable = external dso_local global i32

define i32 @helper() {
  %r = load i32, ptr @variable
  ret i32 %r
}
