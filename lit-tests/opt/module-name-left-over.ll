; The placeholder of the module's name never reaches an object: one that is left
; in the crate's module after an import is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error;modname=rnull>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK: error: inline-helpers: the placeholder of the module's name was left in 'of_crate'; help: report it with the helper library

;--- crate.ll
@of_crate = constant { i32, [56 x i8] } { i32 1, [56 x i8] c"placeholder_by_inline_helpers_for_the_name_of_a_module_\00" }

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  ret i32 %x
}
