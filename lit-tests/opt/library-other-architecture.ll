; A library for another architecture is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc>' \
; RUN:   | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}/library.bc' is for the target aarch64-unknown-linux-gnu, and the crate for x86_64-unknown-linux-gnu; help: compile the helpers for the crate's target (clang --target=x86_64-unknown-linux-gnu)
; CHECK-NOT: {{.}}

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
target triple = "aarch64-unknown-linux-gnu"

define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
