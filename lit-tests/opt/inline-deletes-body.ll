; The body of a helper is deleted as soon as its last call is inlined, before
; those of other helpers are.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   -print-after-all -disable-output %t/crate.ll 2>&1 | FileCheck %s

; CHECK-LABEL: IR Dump After import-helpers: import on
; CHECK-DAG:     define internal i32 @first(
; CHECK-DAG:     define internal i32 @inner(
; CHECK-DAG:     define internal i32 @taken(

; One of the two calls of @first, and the call of @inner in it.
; CHECK-LABEL: IR Dump After import-helpers: inline on
; CHECK-DAG:     define internal i32 @first(
; CHECK-LABEL: IR Dump After import-helpers: inline on
; CHECK-DAG:     define internal i32 @first(
; The other.
; CHECK-LABEL: IR Dump After import-helpers: inline on
; CHECK-DAG:     declare {{.*}}@first(
; CHECK-LABEL: IR Dump After import-helpers: inline on
; CHECK-DAG:     define internal i32 @inner(
; The crate's own call of @inner.
; CHECK-LABEL: IR Dump After import-helpers: inline on
; CHECK-DAG:     declare {{.*}}@inner(
; CHECK-DAG:     define internal i32 @taken(
; A copy remains.
; CHECK-LABEL: IR Dump After import-helpers: inline on
; CHECK-DAG:     define internal i32 @taken(

; CHECK-LABEL: IR Dump After import-helpers: erase on
; CHECK-NOT:     @first
; CHECK-NOT:     @inner
; CHECK:         define internal i32 @taken(

;--- crate.ll
@pointer = global ptr @taken

declare i32 @first(i32)
declare i32 @inner(i32)
declare i32 @taken(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @first(i32 %x)
  %b = call i32 @first(i32 %a)
  %c = call i32 @taken(i32 %b)
  ret i32 %c
}

define i32 @other(i32 %x) {
  %r = call i32 @inner(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @first(i32 %x) {
  %r = call i32 @inner(i32 %x)
  ret i32 %r
}

define i32 @inner(i32 %x) {
  %r = mul i32 %x, 3
  ret i32 %r
}

define i32 @taken(i32 %x) {
  %r = sub i32 %x, 1
  ret i32 %r
}
