; An address as an immediate operand of assembly takes code for a fixed address:
; the helper is imported into such a crate, and stays a call in
; position-independent code.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/static.ll -S 2>&1 | FileCheck --check-prefix=STATIC %s
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/pic.ll -S 2>&1 | FileCheck --check-prefix=PIC %s

; STATIC:     @variable = external dso_local global i32
; STATIC:     define i64 @caller(
; STATIC-NOT: @helper(
; STATIC:     asm "movq %gs:${1:a}, $0"
; STATIC:     asm sideeffect "incl $0"
; PIC:        warning: inline-helpers: helper 'helper' stays a call: {{.*}} (an address is an immediate) [inline-asm]
; PIC:        asm sideeffect "incl $0"
; PIC:        call i64 @helper()

;--- static.ll
declare i64 @helper()
declare void @in_memory()

define i64 @caller() {
  %r = call i64 @helper()
  call void @in_memory()
  ret i64 %r
}

;--- pic.ll
declare i64 @helper()
declare void @in_memory()

define i64 @caller() {
  call void @in_memory()
  %r = call i64 @helper()
  ret i64 %r
}

!llvm.module.flags = !{!0}
!0 = !{i32 8, !"PIC Level", i32 2}

;--- library.ll
@variable = external dso_local global i32

define i64 @helper() {
  %r = call i64 asm "movq %gs:${1:a}, $0", "=r,i"(ptr nonnull @variable)
  ret i64 %r
}

define void @in_memory() {
  call void asm sideeffect "incl $0", "=*m,*m"(ptr elementtype(i32) @variable, ptr elementtype(i32) @variable)
  ret void
}
