; A call that may unwind is judged as any other.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'helper' becomes unreachable in 'wrong':

;--- crate.ll
declare i32 @helper(i32)
declare i32 @personality(...)

define i32 @wrong() personality ptr @personality {
  %r = invoke i32 @helper(i32 5) to label %end unwind label %pad

end:
  ret i32 %r

pad:
  %p = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %p
}

define i32 @right() personality ptr @personality {
  %r = invoke i32 @helper(i32 1) to label %end unwind label %pad

end:
  ret i32 %r

pad:
  %p = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %p
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
