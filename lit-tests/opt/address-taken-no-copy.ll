; Where no copy may stand for a helper whose address is taken, the address is
; the symbol's, and calls are inlined all the same.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:       warning: inline-helpers: helper 'helper' stays a call where its address is taken: an attribute of it and of its caller must agree and do not (safestack) [attribute-mismatch]
; CHECK-NOT:   warning
; CHECK:       @address = global ptr @helper
; CHECK-LABEL: define i32 @checked(
; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    add i32 %x, 1
; CHECK-NOT:   define {{.*}}@helper
; CHECK:       declare i32 @helper(i32)
; CHECK-NOT:   @helper

;--- crate.ll
@address = global ptr @helper

define i32 @checked(i32 %x) safestack {
  ret i32 %x
}

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

declare i32 @helper(i32)

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
