; A structure by value may have another type in the crate, as long as size and
; alignment are the same.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         load i32
; CHECK-NOT:   @helper

;--- crate.ll
declare i32 @helper(ptr byval([24 x i8]) align 8)

define i32 @caller(ptr %x) {
  %r = call i32 @helper(ptr byval([24 x i8]) align 8 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(ptr byval({ i64, i64, i64 }) align 8 %x) {
  %r = load i32, ptr %x
  ret i32 %r
}
