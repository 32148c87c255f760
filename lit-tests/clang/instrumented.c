// Bitcode that a sanitizer has run on is refused.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: clang --target=x86_64-linux-gnu -O2 -fsanitize=address -c -emit-llvm \
// RUN:   %t/helpers.c -o %t/helpers.bc
// RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll \
// RUN:   -passes='import-helpers<library=%t/helpers.bc>' 2>&1 | FileCheck %s
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: error: inline-helpers: library '{{.*}}/helpers.bc' is instrumented: {{.*}}; help: 'inline-helpers compile' takes the bitcode before any instrumentation, with the same C flags

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(ptr)

define i32 @caller(ptr %x) "target-cpu"="x86-64" {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

//--- helpers.c
int helper(int *x) { return *x; }
