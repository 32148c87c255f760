; A wanted helper that another one calls is inlined with it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    %[[M:.*]] = mul i32 %x, 3
; CHECK-NEXT:    add i32 %[[M]], 1
; CHECK-NOT:   @{{helper|inner}}

;--- crate.ll
declare i32 @inner(i32)
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @other(i32 %x) {
  %r = call i32 @inner(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %a = call i32 @inner(i32 %x)
  %r = add i32 %a, 1
  ret i32 %r
}

define i32 @inner(i32 %x) {
  %r = mul i32 %x, 3
  ret i32 %r
}
