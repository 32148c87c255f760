// The string constants of a helper come along, and the function it passes them
// to is declared.
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

// CHECK:       @[[TEXT:.*]] = internal unnamed_addr constant [5 x i8] c"here\00"
// CHECK-LABEL: define void @caller(
// CHECK:         call void @report(ptr {{.*}}@[[TEXT]], i32 noundef 5)
// CHECK-NOT:   @helper

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @helper(i32)

define void @caller(i32 %x) "target-cpu"="x86-64" {
  call void @helper(i32 %x)
  ret void
}

//--- helpers.c
void report(const char *where, int line);

void helper(int x) {
  if (x < 0)
    report("here", __LINE__);
}
