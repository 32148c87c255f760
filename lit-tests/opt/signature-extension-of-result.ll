; Where C leaves the upper bits of a result open, as AArch64's does of a bool,
; the crate may expect it extended: inlined it has none.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK-NOT: @helper(
; CHECK:     ret i8 1
; CHECK-NOT: @helper(

;--- crate.ll
declare zeroext i8 @helper(i32)

define i8 @caller(i32 %x) {
  %r = call zeroext i8 @helper(i32 %x)
  ret i8 %r
}

;--- library.ll
define i8 @helper(i32 %x) {
  ret i8 1
}
