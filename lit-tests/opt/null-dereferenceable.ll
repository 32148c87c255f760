; Memory that can be accessed may be at address 0: the claim that it can be
; does not rule out null in the caller.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>,default<O2>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define {{.*}}i1 @caller(
; CHECK:         call ptr @take(ptr dereferenceable_or_null(4) %x)
; CHECK:         icmp eq ptr %x, null
; CHECK-LABEL: define {{.*}}i1 @caller_with_result(
; CHECK:         icmp eq ptr %{{.*}}, null
; CHECK-LABEL: define {{.*}}i1 @caller_with_load(
; CHECK:         load ptr, {{.*}}, !dereferenceable_or_null
; CHECK:         icmp eq ptr %{{.*}}, null
; CHECK:       declare ptr @take(ptr dereferenceable_or_null(8))

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i1 @helper(ptr)
declare i1 @result()
declare i1 @loads(ptr)

define i1 @caller(ptr %x) {
  %r = call i1 @helper(ptr %x)
  ret i1 %r
}

define i1 @caller_with_result() {
  %r = call i1 @result()
  ret i1 %r
}

define i1 @caller_with_load(ptr nonnull %x) {
  %r = call i1 @loads(ptr %x)
  ret i1 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare ptr @take(ptr dereferenceable(8))

define i1 @helper(ptr dereferenceable(4) %x) null_pointer_is_valid {
  %ignored = call ptr @take(ptr dereferenceable(4) %x)
  %r = icmp eq ptr %x, null
  ret i1 %r
}

define i1 @result() null_pointer_is_valid {
  %x = call dereferenceable(4) ptr @take(ptr null)
  %r = icmp eq ptr %x, null
  ret i1 %r
}

define i1 @loads(ptr %x) null_pointer_is_valid {
  %y = load ptr, ptr %x, !dereferenceable !0
  %r = icmp eq ptr %y, null
  ret i1 %r
}

!0 = !{i64 4}
