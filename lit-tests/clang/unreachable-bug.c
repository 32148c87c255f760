// The kernel's BUG() is an end on purpose, as clang compiles it, with the
// section entries objtool reads too.
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

// CHECK: warning: inline-helpers: helper 'helper_unreachable' becomes unreachable in 'undefined':

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @helper_bug()
declare i32 @helper_bug_on(i32)
declare void @helper_panic()
declare void @helper_trap()
declare i32 @helper_unreachable(i32)

define void @bug() "target-cpu"="x86-64" {
  call void @helper_bug()
  ret void
}

define i32 @bug_on() "target-cpu"="x86-64" {
  %r = call i32 @helper_bug_on(i32 1)
  ret i32 %r
}

define void @panic() "target-cpu"="x86-64" {
  call void @helper_panic()
  ret void
}

define void @trap() "target-cpu"="x86-64" {
  call void @helper_trap()
  ret void
}

define i32 @undefined() "target-cpu"="x86-64" {
  %r = call i32 @helper_unreachable(i32 1)
  ret i32 %r
}

//--- helpers.c
// arch/x86/include/asm/bug.h, include/linux/compiler.h of Linux 6.12.
#define BUG()                                                                  \
  do {                                                                         \
    asm volatile("1: .byte 0x0f, 0x0b\n"                                       \
                 ".pushsection __bug_table,\"aw\"\n"                           \
                 ".long 1b - .\n"                                              \
                 ".popsection"                                                 \
                 : : "i"(0));                                                  \
    asm volatile(".pushsection .discard.unreachable\n"                         \
                 ".long 1b - .\n"                                              \
                 ".popsection");                                               \
    __builtin_unreachable();                                                   \
  } while (0)

__attribute__((noreturn)) void panic(const char *);
void print(int);

void helper_bug(void) { BUG(); }
int helper_bug_on(int wrong) {
  print(wrong);
  if (wrong)
    BUG();
  return 3;
}
void helper_panic(void) { panic("stop"); }
void helper_trap(void) { __builtin_trap(); }
int helper_unreachable(int wrong) {
  print(wrong);
  if (wrong)
    __builtin_unreachable();
  return 3;
}
