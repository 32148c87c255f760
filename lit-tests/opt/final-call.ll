; Where a helper's call ends the caller, the caller's result is extended as far as
; the caller promises, so that LLVM can make a jump of the call. Elsewhere the call
; still knows that its result is extended.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i16 @plain(
; CHECK:         call noundef i16 %f(
; CHECK-LABEL: define zeroext i16 @extended(
; CHECK:         call noundef zeroext i16 %f(
; CHECK-LABEL: define i16 @signed(
; CHECK:         call i16 %f(
; CHECK-LABEL: define i32 @used(
; CHECK:         call noundef zeroext i16 %f(
; CHECK-LABEL: define i16 @used_before(
; CHECK:         call noundef zeroext i16 %f(

;--- crate.ll
declare i16 @helper(ptr, i16)
declare i16 @helper_signed(ptr)
declare void @take(i16)

define i16 @plain(ptr %f, i16 %x) {
  %r = call i16 @helper(ptr %f, i16 %x)
  ret i16 %r
}

define zeroext i16 @extended(ptr %f, i16 %x) {
  %r = call i16 @helper(ptr %f, i16 %x)
  ret i16 %r
}

define i16 @signed(ptr %f) {
  %r = call i16 @helper_signed(ptr %f)
  ret i16 %r
}

define i32 @used(ptr %f, i16 %x) {
  %r = call i16 @helper(ptr %f, i16 %x)
  %s = zext i16 %r to i32
  ret i32 %s
}

define i16 @used_before(ptr %f) {
  %r = call i16 @helper(ptr %f, i16 0)
  call void @take(i16 %r)
  ret i16 %r
}

;--- library.ll
define zeroext i16 @helper(ptr %f, i16 %x) {
  %none = icmp eq ptr %f, null
  br i1 %none, label %end, label %call

call:
  %y = call noundef zeroext i16 %f()
  br label %end

end:
  %r = phi i16 [ %x, %0 ], [ %y, %call ]
  ret i16 %r
}

define signext i16 @helper_signed(ptr %f) {
  %r = call signext i16 %f()
  ret i16 %r
}
