// Of a library compiled with -g no debug info arrives, or with debug-info=lines
// line tables, and what is compiled from it is valid.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: clang --target=x86_64-linux-gnu -O2 -g -c -emit-llvm \
// RUN:   %t/helpers.c -o %t/helpers.bc
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S -o %t/result.ll \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;leftover=error>'
// RUN: FileCheck %s < %t/result.ll
// RUN: llc -filetype=obj %t/result.ll -o %t/result.o
// RUN: llvm-dwarfdump --verify %t/result.o | FileCheck %s --check-prefix=VERIFY
// RUN: llvm-dwarfdump %t/result.o | FileCheck %s --check-prefix=DUMP
//
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S -o %t/lines.ll \
// RUN:   -passes='import-helpers<library=%t/helpers.bc;debug-info=lines;leftover=error>'
// RUN: llc -filetype=obj %t/lines.ll -o %t/lines.o
// RUN: llvm-dwarfdump --verify %t/lines.o | FileCheck %s --check-prefix=VERIFY
// RUN: llvm-dwarfdump %t/lines.o | FileCheck %s --check-prefix=LINES \
// RUN:   --implicit-check-not=DW_LANG_C --implicit-check-not=DW_TAG_base_type \
// RUN:   --implicit-check-not=DW_TAG_structure_type
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: define i32 @caller(
// CHECK:         call {{.*}}@local(
// CHECK-NOT:   @helper
// CHECK-NOT:   helpers.c
// CHECK-NOT:   DW_LANG_C

// VERIFY:      No errors.

// DUMP:        DW_TAG_compile_unit
// DUMP:        DW_AT_language (DW_LANG_Rust)
// DUMP-NOT:    DW_TAG_compile_unit
// DUMP-NOT:    helpers.c

// LINES:       DW_TAG_compile_unit
// LINES:       DW_AT_language (DW_LANG_Rust)
// LINES-DAG:   DW_AT_name ("caller")
// LINES-DAG:   DW_AT_name ("helper")
// LINES-DAG:   DW_AT_name ("local")
// LINES-DAG:   DW_TAG_inlined_subroutine

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(ptr)

define i32 @caller(ptr %x) !dbg !3 {
  %r = call i32 @helper(ptr %x), !dbg !6
  ret i32 %r, !dbg !6
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!1}
!0 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !2, emissionKind: FullDebug)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "main.rs", directory: "/src")
!3 = distinct !DISubprogram(name: "caller", scope: !2, file: !2, line: 20, type: !4, scopeLine: 20, spFlags: DISPFlagDefinition, unit: !0)
!4 = !DISubroutineType(types: !5)
!5 = !{null}
!6 = !DILocation(line: 21, column: 9, scope: !3)

//--- helpers.c
struct item { int value; struct item *next; };

static __attribute__((noinline)) int local(struct item *i) { return i->value; }

int helper(struct item *i) {
  int sum = 0;
  for (; i; i = i->next)
    sum += local(i);
  return sum;
}
