// Code that a helper's body takes from another file has that file's line: of
// clang's line tables and of its full debug info.
//
// REQUIRES: clang
//
// RUN: split-file %s %t
// RUN: clang --target=x86_64-linux-gnu -O2 -gline-tables-only -c -emit-llvm %t/helpers.c -o %t/lines.bc
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
// RUN:   -passes='import-helpers<library=%t/lines.bc;debug-info=lines;leftover=error>' | FileCheck %s
// RUN: clang --target=x86_64-linux-gnu -O2 -g -c -emit-llvm %t/helpers.c -o %t/full.bc
// RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
// RUN:   -passes='import-helpers<library=%t/full.bc;debug-info=lines;leftover=error>' | FileCheck %s
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: define i32 @caller(
// CHECK:         mul {{.*}}!dbg [[MUL:![0-9]+]]
// CHECK-DAG:   [[MUL]] = !DILocation(line: 1, column: {{[0-9]+}}, scope: [[BLOCK:![0-9]+]], inlinedAt: {{.*}})
// CHECK-DAG:   [[BLOCK]] = !DILexicalBlockFile(scope: [[HELPER:![0-9]+]], file: [[FILE:![0-9]+]], discriminator: 0)
// CHECK-DAG:   [[FILE]] = !DIFile(filename: "{{.*}}body.inc"
// CHECK-DAG:   [[HELPER]] = distinct !DISubprogram(name: "helper"

//--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @caller(i32 %x) !dbg !3 {
  %r = call i32 @helper(i32 %x), !dbg !6
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
int helper(int x) {
#include "body.inc"
  return x;
}

//--- body.inc
x *= 42;
