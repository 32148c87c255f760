// A helper that reads errno's like is imported, and one whose declaration asks for
// a model stays a call.
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

// CHECK-NOT: 'helper'
// CHECK: warning: inline-helpers: helper 'helper_of_model' stays a call: it reaches a thread-local variable (near_error) [thread-local]
// CHECK: define i32 @caller(
// CHECK:   call {{.*}}@llvm.threadlocal.address.p0({{.*}}@last_error)
// CHECK:   call i32 @helper_of_model(

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)
declare i32 @helper_of_model(i32)

define i32 @caller(i32 %x) "target-cpu"="x86-64" {
  %a = call i32 @helper(i32 %x)
  %r = call i32 @helper_of_model(i32 %a)
  ret i32 %r
}

//--- helpers.c
extern _Thread_local int last_error;
extern _Thread_local int near_error __attribute__((tls_model("initial-exec")));

int helper(int x) { return last_error = x; }
int helper_of_model(int x) { return near_error = x; }
