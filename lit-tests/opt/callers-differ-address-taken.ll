; Where a copy of the helper stays beside calls of its symbol, the symbol keeps
; the name.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:       @address = global ptr @helper.imported
; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    add i32 %x, 1
; CHECK-LABEL: define i32 @checked(
; CHECK-NEXT:    call i32 @helper(i32 %x)
; CHECK-DAG:   declare i32 @helper(i32)
; CHECK-DAG:   define internal i32 @helper.imported(i32

;--- crate.ll
@address = global ptr @helper

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @checked(i32 %x) safestack {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

declare i32 @helper(i32)

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
