; A call whose constant is none of a switch's cases is warned of, with the
; cure, and one whose constant is a case is not.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: {{^}}warning: inline-helpers: helper 'helper' becomes unreachable in 'wrong': it always ends in code marked unreachable, or without the return it needs; help: check what this call hands to the helper, and that the helper returns on every path{{$}}

;--- crate.ll
declare i32 @helper(i32)

define i32 @right() {
  %r = call i32 @helper(i32 1)
  ret i32 %r
}

define i32 @wrong() {
  %r = call i32 @helper(i32 5)
  ret i32 %r
}

define i32 @unknown(i32 %kind) {
  %r = call i32 @helper(i32 %kind)
  ret i32 %r
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
