// asm goto, as in the kernel's static keys, is inlined.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: clang --target=x86_64-linux-gnu -O2 -c -emit-llvm \
// RUN:   %t/helpers.c -o %t/helpers.bc
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=error>' \
// RUN:   | FileCheck %s
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: define i32 @caller(
// CHECK:         callbr void asm sideeffect "1: jmp ${0:l}{{.*}}"
// CHECK-NOT:   @helper

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper()

define i32 @caller() "target-cpu"="x86-64" {
  %r = call i32 @helper()
  ret i32 %r
}

//--- helpers.c
int helper(void) {
  asm goto("1: jmp %l[yes]\n\t"
           ".pushsection __jump_table, \"aw\"\n\t"
           ".quad 1b, %l[yes]\n\t"
           ".popsection"
           :
           :
           :
           : yes);
  return 0;
yes:
  return 1;
}
