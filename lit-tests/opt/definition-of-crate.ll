; A helper that the crate defines itself is the crate's.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     define i32 @helper(i32 %x)
; CHECK-NEXT:  ret i32 %x
; CHECK:     call i32 @helper(

;--- crate.ll
define i32 @helper(i32 %x) {
  ret i32 %x
}

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  ret i32 -1
}
