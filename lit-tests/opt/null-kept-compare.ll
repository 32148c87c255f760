; A helper that compares a pointer with null brings its rules for null to its
; caller.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     define i32 @caller({{.*}}) [[ATTRIBUTES:#[0-9]+]] {
; CHECK-NOT: @helper
; CHECK:     attributes [[ATTRIBUTES]] = { null_pointer_is_valid }

;--- crate.ll
declare i32 @helper(ptr)

define i32 @caller(ptr %x) {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(ptr %x) null_pointer_is_valid {
  %null = icmp eq ptr %x, null
  %r = zext i1 %null to i32
  ret i32 %r
}
