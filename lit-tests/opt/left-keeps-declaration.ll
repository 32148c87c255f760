; The crate's declaration of a helper that stays a call keeps its own
; attributes, though an imported helper calls it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: it is placed in a section of its own (mine) [section]
; CHECK:     declare i32 @helper(i32){{$}}
; CHECK:     call {{.*}}@helper(
; CHECK:     define i32 @second(
; CHECK:     call i32 @helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare i32 @other(i32)
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @second(i32 %x) {
  %r = call i32 @other(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @other(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @helper(i32 %x) noinline memory(none) section "mine" {
  ret i32 0
}
