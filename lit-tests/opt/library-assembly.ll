; A library with inline assembly that LLVM's code generation does not survive is
; an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}/library.bc' is damaged: LLVM's reader {{.+}}; help: make the library with 'inline-helpers compile'{{$}}
; CHECK-NOT: {{.}}

; Nothing vouches for it, so nothing seals it.
; RUN: not inline-helpers compile -o %t/sealed.bc %t/library.bc 2>&1 | FileCheck --check-prefix=COMMAND %s
; COMMAND: error: library '{{.*}}/library.bc' is damaged: LLVM's reader
; RUN: not ls %t/sealed.bc

; What the assembler has an error for is left to it.
; RUN: sed 's/{1[*]l}/1/' %t/library.ll | llvm-as -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck --check-prefix=UNKNOWN %s
; UNKNOWN: asm "no-such-instruction $1"

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(i32 %x) {
  %r = call i32 asm "no-such-instruction ${1*l}", "=r,r"(i32 %x)
  ret i32 %r
}
