// A helper whose static variable the object of the library defines is imported, and
// refers to that variable.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: inline-helpers compile -o %t/helpers.bc --object=%t/helpers.o \
// RUN:   %t/helpers.c -- --target=x86_64-linux-gnu -O2 -fPIC
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=error>' \
// RUN:   | FileCheck %s
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-DAG: @helper_count.calls.inline_helpers.[[HASH:[0-9a-f]+]] = external hidden {{.*}}global i32
// CHECK-DAG: @depth.inline_helpers.[[HASH]] = external hidden thread_local {{.*}}global i32
// CHECK-DAG: @placed.inline_helpers.[[HASH]] = external hidden {{.*}}global i32, section "counters"
// CHECK-LABEL: define i32 @caller(
// CHECK: load i32, ptr @helper_count.calls.inline_helpers.[[HASH]]
// CHECK: call {{.*}}@llvm.threadlocal.address.p0(ptr {{.*}}@depth.inline_helpers.[[HASH]])
// CHECK: load i32, ptr @placed.inline_helpers.[[HASH]]
// CHECK-NOT: call i32

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper_count()
declare i32 @helper_enter()
declare i32 @helper_placed()

define i32 @caller() "target-cpu"="x86-64" {
  %a = call i32 @helper_count()
  %b = call i32 @helper_enter()
  %c = call i32 @helper_placed()
  %d = add i32 %a, %b
  %r = add i32 %c, %d
  ret i32 %r
}

!llvm.module.flags = !{!0}
!0 = !{i32 8, !"PIC Level", i32 2}

//--- helpers.c
static _Thread_local int depth;
static int placed __attribute__((section("counters")));

int helper_count(void) {
  static int calls;
  return ++calls;
}
int helper_enter(void) { return ++depth; }
int helper_placed(void) { return ++placed; }
