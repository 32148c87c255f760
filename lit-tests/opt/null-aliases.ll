; A null that the optimiser sees may be the place that another pointer leads
; to, as in the helper.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,default<O2>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         [[OLD:%.*]] = load i32, ptr addrspace(255)
; CHECK:         store i32 5, ptr addrspace(255) null
; CHECK:         [[NEW:%.*]] = load i32, ptr addrspace(255)
; CHECK:         sub i32 [[NEW]], [[OLD]]

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @read(ptr)
declare void @write(ptr)

define i32 @caller(ptr %x) {
  %old = call i32 @read(ptr %x)
  call void @write(ptr null)
  %new = call i32 @read(ptr %x)
  %r = sub i32 %new, %old
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @read(ptr %x) null_pointer_is_valid {
  %r = load i32, ptr %x, align 4
  ret i32 %r
}

define void @write(ptr %x) null_pointer_is_valid {
  store i32 5, ptr %x, align 4
  ret void
}
