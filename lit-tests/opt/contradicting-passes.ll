; Two passes of a pipeline that give different parameters are an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -pass-remarks=import-helpers \
; RUN:   -passes='import-helpers<library=%t/library.bc>,import-helpers<library=%t/other.bc>' \
; RUN:   2>&1 | FileCheck %s

; CHECK: error: inline-helpers: import-helpers and a second import-helpers pass give different values for parameter 'library'; help: give it in one of the two places

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
