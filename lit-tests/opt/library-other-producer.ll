; A library written by a newer LLVM is refused with both versions before LLVM
; reads it; one written by an older LLVM is used.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; REQUIRES: other-llvm
;
; RUN: rm -rf %t && split-file %s %t
; RUN: %other-opt %t/library.ll -o %t/library.bc
; RUN: %if llvm-19 %{ not %} opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=error>' 2>&1 \
; RUN:   | FileCheck %s --check-prefix=%if llvm-19 %{NEWER%} %else %{OLDER%}

; NEWER: error: inline-helpers: library '{{.*}}/library.bc' was produced by LLVM22.{{.*}}, and this compiler has LLVM 19, which cannot read newer bitcode; help: compile the helpers with clang 19 or older, or use a rustc with LLVM 22

; OLDER-LABEL: define i32 @caller(
; OLDER-NEXT:    add i32 %x, 1
; OLDER-NOT:   @helper

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
