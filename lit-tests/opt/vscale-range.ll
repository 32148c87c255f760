; What the library says of the size of scalable vectors is no obstacle to a
; helper that has none.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    ret i32 %x
; CHECK-NOT:   @helper
; CHECK-NOT:   vscale_range

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32"
target triple = "aarch64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @caller(i32 %x) "target-features"="+v8a,+neon" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32"
target triple = "aarch64-unknown-linux-gnu"

define i32 @helper(i32 %x) vscale_range(1,16) "target-features"="+v8a,+neon,+sve" {
  ret i32 %x
}
