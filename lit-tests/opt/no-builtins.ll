; A helper compiled to know no function of the C library knows none in its
; caller either.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    call i64 @strlen(ptr @text) [[NOBUILTIN:#[0-9]+]]
; CHECK-NOT:   no-builtin
; CHECK:       attributes [[NOBUILTIN]] = { nobuiltin }

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) "no-builtins" {
  %n = call i64 @strlen(ptr @text)
  ret i32 %x
}

@text = external global i8
declare i64 @strlen(ptr)
