// A variadic helper stays a call, and everything else of its file is unharmed.
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

// CHECK: warning: inline-helpers: helper 'helper' stays a call: it takes variable arguments (helper) [varargs]
// CHECK: call i32 (i32, ...) @helper(

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32, ...)

define i32 @caller(i32 %x) {
  %r = call i32 (i32, ...) @helper(i32 %x, i32 1)
  ret i32 %r
}

//--- helpers.c
#include <stdarg.h>

int helper(int x, ...) {
  va_list arguments;
  va_start(arguments, x);
  int r = va_arg(arguments, int);
  va_end(arguments);
  return r + x;
}
