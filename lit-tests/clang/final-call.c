// A helper that ends in a call of a small result ends in a jump in Rust as in C,
// although rustc does not extend the result as C does.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: clang --target=x86_64-linux-gnu -O2 -c -emit-llvm \
// RUN:   %t/helpers.c -o %t/helpers.bc
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=error>,default<O2>' \
// RUN:   | llc | FileCheck %s
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: caller:
// CHECK:         jmpq *
// CHECK-NOT:     callq

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i16 @helper(ptr, i16 zeroext)

define i16 @caller(ptr %hook, i16 zeroext %x) nounwind "target-cpu"="x86-64" {
  %r = call i16 @helper(ptr %hook, i16 zeroext %x)
  ret i16 %r
}

//--- helpers.c
unsigned short helper(unsigned short (*hook)(unsigned short), unsigned short x)
{
        return hook ? hook(x) : x;
}
