; What the library keeps although nothing uses it does not come along.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-NOT: {{@llvm.|@kept}}
; CHECK-LABEL: define i32 @caller(
; CHECK:         %[[R:.*]] = add i32 %x, 1
; CHECK-NEXT:    ret i32 %[[R]]
; CHECK-NOT:   @helper
; CHECK-NOT: {{@llvm.|@kept}}

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

@kept = internal constant i32 7, section "note"
@llvm.used = appending global [1 x ptr] [ptr @kept]
@llvm.compiler.used = appending global [1 x ptr] [ptr @kept]
