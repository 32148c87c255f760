; A helper whose paths end in different undefined behaviour is warned of.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'both' becomes unreachable in 'caller':

;--- crate.ll
declare i32 @both(i32, ptr, i1)

define i32 @caller(i1 %c) {
  %r = call i32 @both(i32 0, ptr null, i1 %c)
  ret i32 %r
}

;--- library.ll
define i32 @both(i32 %x, ptr %p, i1 %c) {
  br i1 %c, label %divide, label %read

divide:
  %q = sdiv i32 7, %x
  ret i32 %q

read:
  %r = load i32, ptr %p
  ret i32 %r
}
