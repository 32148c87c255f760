// A structure that is passed and returned in registers is inlined.
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

// CHECK-LABEL: define { i64, i64 } @caller(
// CHECK-NOT:     call
// CHECK:         insertvalue { i64, i64 } {{.*}} %b, 0
// CHECK:         insertvalue { i64, i64 } {{.*}} %a, 1
// CHECK-NOT:   @helper

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare { i64, i64 } @helper(i64, i64)

define { i64, i64 } @caller(i64 %a, i64 %b) {
  %r = call { i64, i64 } @helper(i64 %a, i64 %b)
  ret { i64, i64 } %r
}

//--- helpers.c
struct pair { long a, b; };

struct pair helper(struct pair x) {
  struct pair swapped = {x.b, x.a};
  return swapped;
}
