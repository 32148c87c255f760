// A helper compiled with the kernel's flags is inlined into code with other
// ones, which stay as they are.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: clang --target=x86_64-linux-gnu -O2 -fno-delete-null-pointer-checks \
// RUN:   -mno-red-zone -mno-sse -mno-mmx -mno-80387 -ffreestanding \
// RUN:   -fstack-protector-strong -fno-builtin-wcslen -mno-implicit-float -c -emit-llvm \
// RUN:   %t/helpers.c -o %t/helpers.bc
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=error>' \
// RUN:   | FileCheck %s
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK:     define void @caller({{.*}} [[ATTRIBUTES:#[0-9]+]]
// CHECK:     call void asm sideeffect "lock; incl $0"
// CHECK-NOT: @helper
// CHECK:     attributes [[ATTRIBUTES]] = { noredzone "target-cpu"="x86-64" "target-features"="-sse,+soft-float" }

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @helper(ptr)

define void @caller(ptr %x) noredzone "target-cpu"="x86-64" "target-features"="-sse,+soft-float" {
  call void @helper(ptr %x)
  ret void
}

//--- helpers.c
static inline void raise(int *counter) {
  asm volatile("lock; incl %0" : "+m"(*counter) : : "memory");
}

void helper(int *counter) { raise(counter); }
