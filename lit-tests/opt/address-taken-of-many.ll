; Every copy that remains is internal, however many helpers the module wants.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-NOT: define i32 @{{first|second|third}}(
; CHECK-DAG: define internal i32 @first(
; CHECK-DAG: define internal i32 @second(
; CHECK-DAG: define internal i32 @third(
; CHECK-NOT: define i32 @{{first|second|third}}(

;--- crate.ll
@table = global [3 x ptr] [ptr @first, ptr @second, ptr @third]

declare i32 @first(i32)
declare i32 @second(i32)
declare i32 @third(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @first(i32 %x)
  %b = call i32 @second(i32 %a)
  %c = call i32 @third(i32 %b)
  ret i32 %c
}

;--- library.ll
define i32 @first(i32 %x) {
  ret i32 1
}

define i32 @second(i32 %x) {
  ret i32 2
}

define i32 @third(i32 %x) {
  ret i32 3
}
