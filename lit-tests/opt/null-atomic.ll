; Atomic accesses keep their meaning for null and their memory orders.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         atomicrmw volatile add ptr addrspace(255) {{.*}}, i32 1 syncscope("singlethread") acquire
; CHECK:         cmpxchg weak ptr addrspace(255) {{.*}}, i32 1, i32 2 acq_rel monotonic
; CHECK:         store atomic i32 3, ptr addrspace(255) {{.*}} release, align 4
; CHECK:         load atomic i32, ptr addrspace(255) {{.*}} seq_cst, align 4
; CHECK-NOT:   null_pointer_is_valid

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(ptr)

define i32 @caller(ptr %x) {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(ptr %x) null_pointer_is_valid {
  %old = atomicrmw volatile add ptr %x, i32 1 syncscope("singlethread") acquire
  %pair = cmpxchg weak ptr %x, i32 1, i32 2 acq_rel monotonic
  store atomic i32 3, ptr %x release, align 4
  %r = load atomic i32, ptr %x seq_cst, align 4
  ret i32 %r
}
