; A comparison with a constant that is not null says nothing of null.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-NOT: null_pointer_is_valid
; CHECK-NOT: @helper

;--- crate.ll
declare i32 @helper(ptr)

define i32 @caller(ptr %x) {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(ptr %x) null_pointer_is_valid {
  %error = icmp ugt ptr %x, inttoptr (i64 -4096 to ptr)
  %r = zext i1 %error to i32
  ret i32 %r
}
