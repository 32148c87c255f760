; Through a pointer that is not null, as a Rust reference, the access is an
; ordinary one.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         [[FIELD:%.*]] = getelementptr inbounds i8, ptr %x, i64 8
; CHECK:         load i32, ptr [[FIELD]]
; CHECK-LABEL: define i32 @caller_of_container(
; CHECK:         getelementptr inbounds i8, ptr addrspace(255) {{.*}}, i64 -8
; CHECK-LABEL: define i32 @caller_with_local(
; CHECK:         load i32, ptr %local
; CHECK-NOT:   addrspace
; CHECK-NOT:   null_pointer_is_valid

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @member(ptr)
declare i32 @container(ptr)
declare i32 @helper(ptr)

define i32 @caller(ptr nonnull %x) {
  %r = call i32 @member(ptr %x)
  ret i32 %r
}

; The object around it may start at address 0.
define i32 @caller_of_container(ptr nonnull %x) {
  %r = call i32 @container(ptr %x)
  ret i32 %r
}

define i32 @caller_with_local() {
  %local = alloca i32
  %r = call i32 @helper(ptr %local)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @member(ptr %x) null_pointer_is_valid {
  %field = getelementptr inbounds i8, ptr %x, i64 8
  %r = load i32, ptr %field
  ret i32 %r
}

define i32 @container(ptr %x) null_pointer_is_valid {
  %field = getelementptr inbounds i8, ptr %x, i64 -8
  %r = load i32, ptr %field
  ret i32 %r
}

define i32 @helper(ptr %x) null_pointer_is_valid {
  %r = load i32, ptr %x
  ret i32 %r
}
