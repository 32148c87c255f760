// A return that is missing in C++ is undefined whatever the arguments are; in
// C only the use of the result is.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: inline-helpers compile %t/helpers.cpp %t/helpers.c -o %t/helpers.bc -- \
// RUN:   --target=x86_64-linux-gnu
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -disable-output \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=error>' 2>&1 \
// RUN:   | FileCheck %s --implicit-check-not=warning:
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: warning: inline-helpers: helper 'helper_cpp' becomes unreachable in 'caller': it always ends in {{.*}}without the return it needs
// CHECK: warning: inline-helpers: helper 'helper_after_call' becomes unreachable in 'caller_after_call':

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper_cpp(i32)
declare i32 @helper_after_call(i32)
declare i32 @helper_c(i32)

define i32 @caller(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @helper_cpp(i32 %x)
  ret i32 %r
}

define i32 @caller_after_call(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @helper_after_call(i32 %x)
  ret i32 %r
}

define i32 @c(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @helper_c(i32 %x)
  ret i32 %r
}

//--- helpers.cpp
extern "C" void print(int);
extern "C" int helper_cpp(int x) { int y = x + 1; }
extern "C" int helper_after_call(int x) { print(x); }
//--- helpers.c
int helper_c(int x) { int y = x + 1; }
