// A structure that is returned and passed through memory is inlined.
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

// CHECK-LABEL: define void @caller(
// CHECK:         add nsw i64 {{.*}}, 1
// CHECK-NOT:   @helper

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @helper(ptr sret([24 x i8]) align 8, ptr byval([24 x i8]) align 8)

define void @caller(ptr %out, ptr %x) {
  call void @helper(ptr sret([24 x i8]) align 8 %out, ptr byval([24 x i8]) align 8 %x)
  ret void
}

//--- helpers.c
struct large { long a, b, c; };

struct large helper(struct large x) {
  x.a += 1;
  return x;
}
