; Without the command beside the plugin, bare bitcode cannot be checked, which is
; an error with the cure; a sealed library needs no check.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; REQUIRES: plugin
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: inline-helpers compile -o %t/sealed.bc %t/library.bc
; RUN: mkdir -p %t/alone/lib && cp %plugin %t/alone/lib/
; RUN: not opt -load-pass-plugin=%t/alone/lib/InlineHelpers-%llvm-major.so \
; RUN:   -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc>' | FileCheck %s
; RUN: opt -load-pass-plugin=%t/alone/lib/InlineHelpers-%llvm-major.so \
; RUN:   -disable-output %t/crate.ll \
; RUN:   -passes='import-helpers<library=%t/sealed.bc;leftover=error>'

; CHECK:     error: inline-helpers: library '{{.*}}/library.bc' cannot be checked for damage: the command inline-helpers is not beside the plugin, in ../bin; help: install or build inline-helpers whole, or make the library with 'inline-helpers compile': such a one needs no check{{$}}
; CHECK-NOT: {{.}}

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
