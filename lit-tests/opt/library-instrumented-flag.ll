; A library that a sanitizer has run on is an error: its module flag would
; switch the sanitizer off for the crate.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc>' \
; RUN:   | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}/library.bc' is instrumented: module flag nosanitize_address; help: 'inline-helpers compile' takes the bitcode before any instrumentation, with the same C flags
; CHECK-NOT: {{.}}

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

!llvm.module.flags = !{!0}
!0 = !{i32 4, !"nosanitize_address", i32 1}
