; Parameters come from the environment variable INLINE_HELPERS, at the start of
; the default pipeline as well as in the pass.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: env INLINE_HELPERS='library=%t/library.bc;leftover=error' \
; RUN:   opt -load-pass-plugin=%plugin -passes='default<O0>' %t/crate.ll -S | FileCheck %s
; RUN: env INLINE_HELPERS='library=%t/library.bc;leftover=error' \
; RUN:   opt -load-pass-plugin=%plugin -passes='import-helpers' %t/crate.ll -S | FileCheck %s
; RUN: env INLINE_HELPERS='leftover=error' opt -load-pass-plugin=%plugin \
; RUN:   -passes='import-helpers<library=%t/library.bc>' %t/crate.ll -S | FileCheck %s
; RUN: env INLINE_HELPERS=library=%t/library.bc opt -load-pass-plugin=%plugin \
; RUN:   -passes='import-helpers<library=%t/library.bc>' %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         %[[R:.*]] = add i32 %x, 1
; CHECK-NEXT:    ret i32 %[[R]]
; CHECK-NOT:   @helper

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
