; A helper that returns to code of the crate that is undefined is not blamed.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --allow-empty --implicit-check-not=warning:

;--- crate.ll
declare i32 @helper(i32)

define i32 @rust_is_wrong() {
  %r = call i32 @helper(i32 1)
  unreachable
}

;--- library.ll
define i32 @helper(i32 %kind) {
  switch i32 %kind, label %default [
    i32 0, label %zero
    i32 1, label %one
  ]

zero:
  ret i32 10

one:
  ret i32 11

default:
  unreachable
}
