; A helper of which only the address is taken stays behind where the crate has
; no function to compile the copy like.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: an attribute of it and of its caller must agree and do not (the crate has no function to compile its copy like) [attribute-mismatch]
; CHECK:     @table = global ptr @helper
; CHECK:     declare i32 @helper(i32)

;--- crate.ll
@table = global ptr @helper

declare i32 @helper(i32)

;--- library.ll
define i32 @helper(i32 %x) noredzone sspstrong {
  ret i32 %x
}
