; A call without a location counts as one at line 0 of its function; in a
; function without debug info the helper's code has none either.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -passes='import-helpers<library=%t/library.bc;debug-info=lines;leftover=error>' \
; RUN:   | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    add i32 %x, 1, !dbg [[HELPER:![0-9]+]]
; CHECK-LABEL: define i32 @without(
; CHECK-NEXT:    add i32 %x, 1{{$}}
; CHECK-NEXT:    ret i32
; Nor does it reach the function that this one is inlined into later.
; CHECK-LABEL: define i32 @without_with_location(
; CHECK-NEXT:    add i32 %x, 1{{$}}
; CHECK-NEXT:    ret i32 %{{[^ ]*$}}
; CHECK:       [[HELPER]] = !DILocation(line: 11, column: 9, scope: {{![0-9]+}}, inlinedAt: [[AT:![0-9]+]])
; CHECK:       [[AT]] = distinct !DILocation(line: 0, scope: [[CALLER:![0-9]+]])

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) !dbg !3 {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @without(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @without_with_location(i32 %x) {
  %r = call i32 @helper(i32 %x), !dbg !6
  ret i32 %r
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!1}
!0 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !2, emissionKind: FullDebug)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "main.rs", directory: "/src")
!3 = distinct !DISubprogram(name: "caller", scope: !2, file: !2, line: 20, type: !4, scopeLine: 20, spFlags: DISPFlagDefinition, unit: !0)
!4 = !DISubroutineType(types: !5)
!5 = !{null}
!6 = !DILocation(line: 30, column: 1, scope: !3)

;--- library.ll
define i32 @helper(i32 %x) !dbg !3 {
  %r = add i32 %x, 1, !dbg !6
  ret i32 %r, !dbg !6
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!1}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: LineTablesOnly)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "helpers.c", directory: "/c")
!3 = distinct !DISubprogram(name: "helper", scope: !2, file: !2, line: 10, type: !4, scopeLine: 10, spFlags: DISPFlagDefinition, unit: !0)
!4 = !DISubroutineType(types: !5)
!5 = !{}
!6 = !DILocation(line: 11, column: 9, scope: !3)
