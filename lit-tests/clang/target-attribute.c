// A function for a CPU extension stays a call where the caller is compiled
// without it, and its neighbours are inlined.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: clang --target=x86_64-linux-gnu -O2 -c -emit-llvm \
// RUN:   %t/helpers.c -o %t/helpers.bc
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=warn>' 2>&1 \
// RUN:   | FileCheck %s
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK:       warning: inline-helpers: helper 'helper' stays a call: it needs target features its caller does not have (helper) [target-features]
// CHECK-LABEL: define i32 @caller(
// CHECK-NEXT:    call i32 @helper(
// CHECK-LABEL: define i32 @other(
// CHECK-NEXT:    mul nsw i32 %x, 3
// CHECK-NOT:   @neighbour

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @neighbour(i32)
declare i32 @helper(i32)

define i32 @caller(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @other(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @neighbour(i32 %x)
  ret i32 %r
}

//--- helpers.c
__attribute__((target("avx2"))) int helper(int x) { return x * 5; }

int neighbour(int x) { return x * 3; }
