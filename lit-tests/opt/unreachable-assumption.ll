; An assumption that the caller's constant contradicts is warned of.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'half' becomes unreachable in 'wrong': it always ends in an assumption that does not hold;

;--- crate.ll
declare i32 @half(i32)

define i32 @right() {
  %r = call i32 @half(i32 4)
  ret i32 %r
}

define i32 @wrong() {
  %r = call i32 @half(i32 3)
  ret i32 %r
}

;--- library.ll
define i32 @half(i32 %x) {
  %bit = and i32 %x, 1
  %even = icmp eq i32 %bit, 0
  call void @llvm.assume(i1 %even)
  %r = lshr i32 %x, 1
  ret i32 %r
}
