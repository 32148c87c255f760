// What clang makes of pr_*() is imported with the module's name in it; a size or
// character of the name that clang computed stays with the helper.
//
// REQUIRES: clang
//
// RUN: rm -rf %t && split-file %s %t
// RUN: inline-helpers compile -o %t/helpers.bc %t/helpers.c -- \
// RUN:   --target=x86_64-linux-gnu -O2 -DKBUILD_MODNAME='"helpers"'
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=warn;modname=rnull>,default<O2>' 2>&1 \
// RUN:   | FileCheck %s --implicit-check-not=placeholder
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK:       warning: {{.*}} helper 'helper_size' stays a call: {{.*}} [module-name]
// CHECK:       = {{.*}}constant [13 x i8] c"\016rnull: %d\0A\00"
// CHECK-LABEL: define {{.*}}@caller(
// CHECK:         call i32 (ptr, ...) @_printk(
// CHECK:         call i32 (ptr, ...) @_printk(
// CHECK-LABEL: define {{.*}}@first(
// CHECK-NEXT:    ret i32 114
// CHECK-LABEL: define {{.*}}@length(
// CHECK-NEXT:    ret i64 5
// CHECK-LABEL: define {{.*}}@size(
// CHECK:         call i32 @helper_size()

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @helper_error(i32)
declare void @helper_retry(i32)
declare i32 @helper_first()
declare i64 @helper_length()
declare i32 @helper_size()

define void @caller(i32 %x) "target-cpu"="x86-64" {
  call void @helper_error(i32 %x)
  call void @helper_retry(i32 %x)
  ret void
}

define i32 @first() "target-cpu"="x86-64" {
  %r = call i32 @helper_first()
  ret i32 %r
}

define i64 @length() "target-cpu"="x86-64" {
  %r = call i64 @helper_length()
  ret i64 %r
}

define i32 @size() "target-cpu"="x86-64" {
  %r = call i32 @helper_size()
  ret i32 %r
}

//--- helpers.c
int _printk(const char *format, ...);
#define pr_info(format, ...) _printk("\0016" KBUILD_MODNAME ": " format, ##__VA_ARGS__)

static inline void error(int x) { pr_info("%d\n", x); }
void helper_error(int x) { error(x); }
void helper_retry(int x) { pr_info("%d\n", x); }

static inline int first(const char *name) { return name[0]; }
int helper_first(void) { return first(KBUILD_MODNAME); }
static inline unsigned long length(const char *name) { return __builtin_strlen(name); }
unsigned long helper_length(void) { return length(KBUILD_MODNAME); }
int helper_size(void) { return sizeof(KBUILD_MODNAME); }
