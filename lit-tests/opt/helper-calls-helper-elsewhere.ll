; A helper's call of another is not inlined where the other one does not suit
; the caller, and that is said.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:       warning: inline-helpers: helper 'helper' stays a call in 'instrumented': an attribute of it and of its caller must agree and do not (sanitize_thread) [attribute-mismatch]
; CHECK-NOT:   warning
; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    add i32 %x, 1
; CHECK-LABEL: define i32 @instrumented(
; CHECK-NEXT:    call i32 @helper(i32 %x)
; CHECK-NOT:   @outer
; CHECK:       define internal i32 @helper(

;--- crate.ll
declare i32 @outer(i32)
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @instrumented(i32 %x) sanitize_thread {
  %r = call i32 @outer(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @outer(i32 %x) sanitize_thread {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
