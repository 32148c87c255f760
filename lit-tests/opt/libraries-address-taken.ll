; The copy of a helper is compiled like the crate's own functions, not like one
; that an earlier library brought.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/first.ll -o %t/first.bc
; RUN: llvm-as %t/second.ll -o %t/second.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/first.bc;library=%t/second.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-DAG: define internal i32 @first(i32 %x) [[ATTRIBUTES:#[0-9]+]]
; CHECK-DAG: define internal i32 @second(i32 %x) [[ATTRIBUTES]]
; CHECK:     attributes [[ATTRIBUTES]] = { {{.*}}"probe-stack"="inline-asm" }

;--- crate.ll
@table = global [2 x ptr] [ptr @first, ptr @second]

declare i32 @first(i32)
declare i32 @second(i32)

define void @crate() "probe-stack"="inline-asm" "target-cpu"="x86-64" {
  ret void
}

;--- first.ll
define i32 @first(i32 %x) "target-cpu"="corei7" {
  ret i32 %x
}

;--- second.ll
define i32 @second(i32 %x) "target-cpu"="corei7" {
  ret i32 %x
}
