; That strlen accesses its argument does not make the argument other than null,
; as it would in a function with the usual rules; where that is known, strlen
; is the one of C.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,default<O2>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i64 @caller(
; CHECK:         call i64 @strlen(ptr %x)
; CHECK:         icmp eq ptr %x, null
; CHECK-LABEL: define {{.*}}i64 @caller_with_string(
; CHECK-NEXT:    ret i64 2
; CHECK-NOT:   null_pointer_is_valid

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@string = private constant [3 x i8] c"ab\00"

declare i64 @helper(ptr)

define i64 @caller(ptr %x) {
  %r = call i64 @helper(ptr %x)
  ret i64 %r
}

define i64 @caller_with_string() {
  %r = call i64 @helper(ptr @string)
  ret i64 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i64 @strlen(ptr)

define i64 @helper(ptr %x) null_pointer_is_valid {
  %length = call i64 @strlen(ptr %x)
  %null = icmp eq ptr %x, null
  %r = select i1 %null, i64 -1, i64 %length
  ret i64 %r
}
