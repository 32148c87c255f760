; A library whose target only has another vendor, system or environment is used
; without a word.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   | FileCheck %s

; CHECK-NOT:   warning
; CHECK-LABEL: define i32 @caller(
; CHECK:         %[[R:.*]] = add i32 %x, 1
; CHECK-NEXT:    ret i32 %[[R]]
; CHECK-NOT:   @helper

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-none-elf"

define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
