; The copy of a constant that sanitizers are to leave alone says so too.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     @table = internal constant [2 x i32] [i32 7, i32 8], no_sanitize_address, no_sanitize_hwaddress
; CHECK:     getelementptr {{.*}}@table
; CHECK-NOT: @helper

;--- crate.ll
declare i32 @helper(i64)

define i32 @caller(i64 %x) {
  %r = call i32 @helper(i64 %x)
  ret i32 %r
}

;--- library.ll
@table = internal constant [2 x i32] [i32 7, i32 8], no_sanitize_address, no_sanitize_hwaddress

define i32 @helper(i64 %x) {
  %p = getelementptr i32, ptr @table, i64 %x
  %n = load i32, ptr %p
  ret i32 %n
}
