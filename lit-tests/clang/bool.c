// A bool, which both languages extend, is inlined.
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

// CHECK-LABEL: define i1 @caller(
// CHECK-NEXT:    xor i1 %x, true
// CHECK-NOT:   @helper

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare zeroext i1 @helper(i1 zeroext)

define i1 @caller(i1 %x) {
  %r = call zeroext i1 @helper(i1 zeroext %x)
  ret i1 %r
}

//--- helpers.c
#include <stdbool.h>

bool helper(bool x) { return !x; }
