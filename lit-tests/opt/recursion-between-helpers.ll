; Helpers that call each other are each inlined once into a caller, and go on
; as internal functions; that they are called is said.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK-DAG:   warning: inline-helpers: helper 'even' stays a call in 'caller': it was imported, and the optimised code calls its copy [still-called]
; CHECK-DAG:   warning: inline-helpers: helper 'odd' stays a call in 'caller': it was imported, and the optimised code calls its copy [still-called]
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
