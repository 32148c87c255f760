; A pipeline and the environment that give different values for a parameter are
; an error that names it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not env INLINE_HELPERS=library=%t/other.bc opt -load-pass-plugin=%plugin \
; RUN:   -passes='import-helpers<library=%t/library.bc>' -disable-output %t/crate.ll 2>&1 \
; RUN:   | FileCheck %s --check-prefix=LIBRARY
; RUN: not env INLINE_HELPERS=leftover=warn opt -load-pass-plugin=%plugin \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=error>' -disable-output \
; RUN:   %t/crate.ll 2>&1 | FileCheck %s --check-prefix=LEFTOVER

; LIBRARY:  error: inline-helpers: import-helpers and INLINE_HELPERS give different values for parameter 'library'; help: give it in one of the two places
; LEFTOVER: error: inline-helpers: import-helpers and INLINE_HELPERS give different values for parameter 'leftover'; help: give it in one of the two places

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
