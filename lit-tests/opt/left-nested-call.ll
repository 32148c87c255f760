; A call of a helper in a helper that forbids inlining stays a call, wherever the
; outer helper is inlined.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:       warning: inline-helpers: helper 'helper' stays a call in 'caller': {{.*}} (the call forbids it) [not-inlinable]
; CHECK-NOT:   warning
; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    call i32 @helper(i32 %x) #
; CHECK-NEXT:    call i32 @helper(i32 %{{.*}}) [ "deopt"(i32 1) ]
; CHECK-NEXT:    add i32
; CHECK-NEXT:    ret
; CHECK-NOT:   @outer

;--- crate.ll
declare i32 @outer(i32)
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @outer(i32 %x)
  %b = call i32 @helper(i32 %a)
  ret i32 %b
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

define i32 @outer(i32 %x) {
  %a = call i32 @helper(i32 %x) noinline
  %b = call i32 @helper(i32 %a) [ "deopt"(i32 1) ]
  ret i32 %b
}
