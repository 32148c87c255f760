; A comparison of pointers needs no rules for null in the caller.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i1 @caller(
; CHECK:         icmp eq ptr %x, null
; CHECK-NOT:   null_pointer_is_valid

;--- crate.ll

declare i1 @helper(ptr)

define i1 @caller(ptr %x) {
  %r = call i1 @helper(ptr %x)
  ret i1 %r
}

;--- library.ll

define i1 @helper(ptr %x) null_pointer_is_valid {
  %r = icmp eq ptr %x, null
  ret i1 %r
}
