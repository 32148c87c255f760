; A function of Rust's own mangling is never wanted, whatever the library
; defines.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK: call i32 @_RNvC4main6helper(
; CHECK: call i32 @_ZN4main6helper17h0123456789abcdefE(

;--- crate.ll
declare i32 @_RNvC4main6helper(i32)
declare i32 @_ZN4main6helper17h0123456789abcdefE(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @_RNvC4main6helper(i32 %x)
  %b = call i32 @_ZN4main6helper17h0123456789abcdefE(i32 %a)
  ret i32 %b
}

;--- library.ll
define i32 @_RNvC4main6helper(i32 %x) {
  ret i32 0
}

define i32 @_ZN4main6helper17h0123456789abcdefE(i32 %x) {
  ret i32 0
}
