; A call of the caller's null pointer is warned of.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'call_back' becomes unreachable in 'wrong': it always ends in a call of a null pointer;

;--- crate.ll
declare void @call_back(ptr)

define void @wrong() {
  call void @call_back(ptr null)
  ret void
}

define void @right() {
  call void @call_back(ptr @right)
  ret void
}

;--- library.ll
define void @call_back(ptr %f) {
  call void %f()
  ret void
}
