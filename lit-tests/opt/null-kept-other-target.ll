; Where no other address space is known to be the same memory, as without a
; target, the rules for null come along.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     define i32 @caller({{.*}}) [[ATTRIBUTES:#[0-9]+]] {
; CHECK:       load i32, ptr %x
; CHECK:     attributes [[ATTRIBUTES]] = { null_pointer_is_valid }

;--- crate.ll
declare i32 @helper(ptr)

define i32 @caller(ptr %x) {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(ptr %x) null_pointer_is_valid {
  %r = load i32, ptr %x, align 4
  ret i32 %r
}
