// __attribute__((cleanup)), as in the kernel's guards, is inlined with what it
// calls.
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
// CHECK:         call void @lock(
// CHECK:         load i32
// CHECK:         call void @unlock(
// CHECK-NOT:   @helper

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(ptr)

define i32 @caller(ptr %x) "target-cpu"="x86-64" {
  %r = call i32 @helper(ptr %x)
  ret i32 %r
}

//--- helpers.c
void lock(int *l);
void unlock(int *l);

static inline void leave(int **l) { unlock(*l); }

int helper(int *l) {
  int *guard __attribute__((cleanup(leave))) = l;
  lock(guard);
  return *l;
}
