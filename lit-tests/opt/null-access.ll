; An access through a pointer that may be null goes through an address space
; where null is a place like another, so that the caller keeps its own rules
; for null.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     define i32 @caller(ptr %x) {
; CHECK:       [[ADDRESS:%.*]] = ptrtoint ptr %x to i64
; CHECK:       [[PLAIN:%.*]] = inttoptr i64 [[ADDRESS]] to ptr addrspace(255)
; CHECK:       [[FIELD:%.*]] = getelementptr inbounds i8, ptr addrspace(255) [[PLAIN]], i64 8
; CHECK:       load volatile i32, ptr addrspace(255) [[FIELD]], align 4, !tbaa
; CHECK-NOT: null_pointer_is_valid

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
  %field = getelementptr inbounds i8, ptr %x, i64 8
  %r = load volatile i32, ptr %field, align 4, !tbaa !0
  ret i32 %r
}

!0 = !{!1, !1, i64 0}
!1 = !{!"int", !2, i64 0}
!2 = !{!"Simple C/C++ TBAA"}
