; The copy of a helper that the linker chooses one of is in no such choice.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK: @address = global ptr @helper
; CHECK: define internal i32 @helper(i32 %x) {

;--- crate.ll
@address = global ptr @helper

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
$helper = comdat any

define linkonce_odr i32 @helper(i32 %x) comdat {
  ret i32 %x
}
