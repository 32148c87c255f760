; A function of the crate's own that has the name of one a helper calls is not
; mistaken for it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:       define internal i32 @[[RENAMED:shared_name.+]](i32 %x)
; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    call i32 @shared_name(
; CHECK-NEXT:    call i32 @[[RENAMED]](
; CHECK:       declare i32 @shared_name(i32)

;--- crate.ll
declare i32 @helper(i32)

define internal i32 @shared_name(i32 %x) {
  ret i32 -1
}

define i32 @caller(i32 %x) {
  %a = call i32 @helper(i32 %x)
  %b = call i32 @shared_name(i32 %a)
  ret i32 %b
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = call i32 @shared_name(i32 %x)
  ret i32 %r
}

declare i32 @shared_name(i32)
