; An environment variable that is set but empty is an error: a build that lost
; its library would go unnoticed.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not env INLINE_HELPERS= opt -load-pass-plugin=%plugin -passes='default<O2>' \
; RUN:   -disable-output %t/crate.ll 2>&1 | FileCheck %s

; CHECK: error: inline-helpers: INLINE_HELPERS is set, but empty; help: set it to library=PATH, or unset it

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
