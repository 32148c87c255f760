; A local function that a helper calls is not mistaken for the crate's function
; of that name.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:       declare i32 @local(i32)
; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    call i32 @[[COPY:local.+]](i32 %x)
; CHECK-NEXT:    call i32 @local(
; CHECK:       define internal i32 @[[COPY]](i32 %x)

;--- crate.ll
declare i32 @helper(i32)
declare i32 @local(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @helper(i32 %x)
  %b = call i32 @local(i32 %a)
  ret i32 %b
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
