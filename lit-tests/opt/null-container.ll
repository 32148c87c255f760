; The object that a pointer leads into may start at address 0: its comparison
; with null is not decided by the fact that an object holds both.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,default<O2>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define {{.*}}i1 @caller(
; CHECK:         [[CONTAINER:%.*]] = getelementptr nusw i8, ptr %x, i64 -8
; CHECK:         icmp eq ptr [[CONTAINER]], null
; CHECK-LABEL: define {{.*}}i1 @caller_of_array(
; CHECK:         [[ELEMENT:%.*]] = getelementptr nusw i32, ptr %x, i64 %n
; CHECK:         icmp eq ptr [[ELEMENT]], null

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i1 @container(ptr)
declare i1 @element(ptr, i64)

define i1 @caller(ptr %x) {
  %r = call i1 @container(ptr %x)
  ret i1 %r
}

define i1 @caller_of_array(ptr %x, i64 %n) {
  %r = call i1 @element(ptr %x, i64 %n)
  ret i1 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i1 @container(ptr %x) null_pointer_is_valid {
  %container = getelementptr inbounds i8, ptr %x, i64 -8
  %r = icmp eq ptr %container, null
  ret i1 %r
}

define i1 @element(ptr %x, i64 %n) null_pointer_is_valid {
  %element = getelementptr inbounds i32, ptr %x, i64 %n
  %r = icmp eq ptr %element, null
  ret i1 %r
}
