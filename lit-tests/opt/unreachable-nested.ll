; Undefined behaviour in a helper that a helper calls is warned of at the
; crate's call, and one helper's result is known to the next.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'outer' becomes unreachable in 'calls_outer':
; CHECK: warning: inline-helpers: helper 'helper' becomes unreachable in 'calls_with_result':

;--- crate.ll
declare i32 @outer(i32)
declare i32 @helper(i32)
declare i32 @five()

define i32 @calls_outer() {
  %r = call i32 @outer(i32 4)
  ret i32 %r
}

define i32 @right() {
  %r = call i32 @outer(i32 0)
  ret i32 %r
}

define i32 @calls_with_result() {
  %kind = call i32 @five()
  %r = call i32 @helper(i32 %kind)
  ret i32 %r
}

;--- library.ll
define i32 @outer(i32 %x) {
  %kind = add i32 %x, 1
  %r = call i32 @helper(i32 %kind)
  ret i32 %r
}

define i32 @five() {
  ret i32 5
}

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
