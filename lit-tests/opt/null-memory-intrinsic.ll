; Copies and fills of memory keep their meaning for null; what they say of
; their pointers allows it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define void @caller(
; CHECK:         call void @llvm.memcpy.p255.p255.i64(ptr addrspace(255) align 8 dereferenceable_or_null(16) %{{.*}}, ptr addrspace(255) nonnull dereferenceable(16) %{{.*}}, i64 16, i1 false)
; CHECK:         call void @llvm.memmove.p255.p255.i64(
; CHECK:         call void @llvm.memset.p255.i64(
; CHECK:         call void @llvm.memcpy.inline.p255.p0.i64(ptr addrspace(255) {{.*}}, ptr %local
; CHECK-NOT:   null_pointer_is_valid

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @helper(ptr, ptr, i64)

define void @caller(ptr %x, ptr %y, i64 %n) {
  call void @helper(ptr %x, ptr %y, i64 %n)
  ret void
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memcpy.inline.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

define void @helper(ptr %x, ptr %y, i64 %n) null_pointer_is_valid {
  %local = alloca [16 x i8]
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 dereferenceable(16) %x, ptr nonnull dereferenceable(16) %y, i64 16, i1 false)
  call void @llvm.memmove.p0.p0.i64(ptr %x, ptr %y, i64 %n, i1 false)
  call void @llvm.memset.p0.i64(ptr %x, i8 0, i64 %n, i1 false)
  call void @llvm.memcpy.inline.p0.p0.i64(ptr %x, ptr %local, i64 16, i1 false)
  ret void
}
