// Bitcode that a newer clang has written is refused by the names of both.
//
// REQUIRES: other-llvm && llvm-19
//
// RUN: split-file %s %t
// RUN: %other-clang --target=x86_64-linux-gnu -O2 -c -emit-llvm \
// RUN:   %t/helpers.c -o %t/helpers.bc
// RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll \
// RUN:   -passes='import-helpers<library=%t/helpers.bc>' 2>&1 | FileCheck %s
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK:     error: inline-helpers: library '{{.*}}/helpers.bc' was produced by LLVM22{{.*}}, and this compiler has LLVM 19, which cannot read newer bitcode; help: compile the helpers with clang 19 or older, or use a rustc with LLVM 22
// CHECK-NOT: {{.}}

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @caller(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

//--- helpers.c
int helper(int x) { return x; }
