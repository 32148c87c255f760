; Helpers that call each other are tried as they are inlined: once each.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'ping' becomes unreachable in 'wrong':

;--- crate.ll
declare i32 @ping(i32)
declare i32 @pong(i32)

define i32 @wrong() {
  %r = call i32 @ping(i32 0)
  ret i32 %r
}

define i32 @right() {
  %r = call i32 @pong(i32 3)
  ret i32 %r
}

;--- library.ll
define i32 @ping(i32 %x) {
  %q = sdiv i32 9, %x
  %r = call i32 @pong(i32 %q)
  ret i32 %r
}

define i32 @pong(i32 %x) {
  %end = icmp eq i32 %x, 3
  br i1 %end, label %return, label %again

return:
  ret i32 %x

again:
  %r = call i32 @ping(i32 %x)
  ret i32 %r
}
