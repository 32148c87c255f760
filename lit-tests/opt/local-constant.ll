; A constant of the library's file comes along, under a new name where its own
; is taken.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-DAG:   @text = private constant [4 x i8] c"yes\00"
; CHECK-DAG:   @[[COPY:text.+]] = internal unnamed_addr constant [3 x i8] c"no\00"
; CHECK-LABEL: define i32 @caller(
; CHECK:         call void @print(ptr @[[COPY]])
; CHECK-NOT:   @helper

;--- crate.ll
@text = private constant [4 x i8] c"yes\00"

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  %first = load i8, ptr @text
  ret i32 %r
}

;--- library.ll
@text = private unnamed_addr constant [3 x i8] c"no\00"

define i32 @helper(i32 %x) {
  call void @print(ptr @text)
  ret i32 %x
}

declare void @print(ptr)
