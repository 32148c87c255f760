; A helper that reaches a constant placed by `#pragma clang section` stays a
; call.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: it is placed in a section of its own (note) [section]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare i32 @helper()

define i32 @caller() {
  %r = call i32 @helper()
  ret i32 %r
}

;--- library.ll
@note = internal constant i32 7 #0

define i32 @helper() {
  %n = load i32, ptr @note
  ret i32 %n
}

attributes #0 = { "rodata-section"=".init.rodata" }
