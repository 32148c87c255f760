; A local function that a helper calls comes along, internal and as noinline as
; it was.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         call i32 @local(i32 %x)
; CHECK-NOT:   @helper
; CHECK:       define internal i32 @local(i32 %x) [[ATTRIBUTES:#[0-9]+]]
; CHECK:       attributes [[ATTRIBUTES]] = { noinline }

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = call i32 @local(i32 %x)
  ret i32 %r
}

define internal i32 @local(i32 %x) noinline {
  %r = add i32 %x, 1
  ret i32 %r
}
