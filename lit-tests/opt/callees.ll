; The list of functions an indirect call may reach is dropped: it could name
; what stays behind.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-NOT: @local
; CHECK:     call i32 %{{[^!]*$}}
; CHECK-NOT: callees
; CHECK-NOT: @local

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %f = load ptr, ptr @hook
  %r = call i32 %f(i32 %x), !callees !0
  ret i32 %r
}

define ptr @hand_out() {
  ret ptr @local
}

define internal i32 @local(i32 %x) {
  ret i32 %x
}

@hook = external global ptr

!0 = !{ptr @local}
