// What inline-helpers compile makes of a switch without a default tells a
// constant that is no case from one that is.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: inline-helpers compile %t/helpers.c -o %t/helpers.bc -- \
// RUN:   --target=x86_64-linux-gnu
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -disable-output \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=error>' 2>&1 \
// RUN:   | FileCheck %s --implicit-check-not=warning:
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: warning: inline-helpers: helper 'helper' becomes unreachable in 'wrong': it always ends in code marked unreachable

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @wrong() "target-cpu"="x86-64" {
  %r = call i32 @helper(i32 9)
  ret i32 %r
}

define i32 @right() "target-cpu"="x86-64" {
  %r = call i32 @helper(i32 2)
  ret i32 %r
}

//--- helpers.c
static inline int size(int kind) {
  switch (kind) {
  case 0: return 12;
  case 1: return 77;
  case 2: return 34;
  case 3: return 9;
  default: __builtin_unreachable();
  }
}

int helper(int kind) { return size(kind) + 1; }
