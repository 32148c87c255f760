; Helpers that call each other are each inlined once into a caller, and go on
; as internal functions.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-COUNT-2: icmp eq i32
; CHECK-NOT:     icmp
; CHECK:         call i32 @even(
; CHECK-COUNT-2: icmp eq i32
; CHECK-NOT:     icmp
; CHECK:         call i32 @odd(
; CHECK-NOT:     {{icmp|call}}
; CHECK-LABEL: define internal i32 @even(
; CHECK:         call i32 @odd(
; CHECK-LABEL: define internal i32 @odd(
; CHECK:         call i32 @even(

;--- crate.ll
declare i32 @even(i32)
declare i32 @odd(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @even(i32 %x)
  %b = call i32 @odd(i32 %x)
  %r = add i32 %a, %b
  ret i32 %r
}

;--- library.ll
define i32 @even(i32 %x) {
  %zero = icmp eq i32 %x, 0
  br i1 %zero, label %end, label %again

again:
  %y = sub i32 %x, 1
  %r = call i32 @odd(i32 %y)
  ret i32 %r

end:
  ret i32 1
}

define i32 @odd(i32 %x) {
  %zero = icmp eq i32 %x, 0
  br i1 %zero, label %end, label %again

again:
  %y = sub i32 %x, 1
  %r = call i32 @even(i32 %y)
  ret i32 %r

end:
  ret i32 0
}
