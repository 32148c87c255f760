; A helper that the module declares and the library defines is inlined, and
; nothing of it remains.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         %[[SUM:.*]] = add i32 %x, 1
; CHECK-NEXT:    ret i32 %[[SUM]]
; CHECK-NOT:   @helper
; CHECK-NOT:   @unwanted

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

define i32 @unwanted(i32 %x) {
  ret i32 %x
}
