; A library's path with characters that separate parameters or passes is given
; percent-encoded.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: rm -rf "%t/a ;<b>,(100%%)" && mkdir "%t/a ;<b>,(100%%)"
; RUN: cp %t/library.bc "%t/a ;<b>,(100%%)/library.bc"
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -passes='import-helpers<library=%t/a%%20%%3b%%3Cb%%3e%%2C%%28100%%25%%29/library.bc>' \
; RUN:   | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         %[[R:.*]] = add i32 %x, 1
; CHECK-NEXT:    ret i32 %[[R]]
; CHECK-NOT:   @helper

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
