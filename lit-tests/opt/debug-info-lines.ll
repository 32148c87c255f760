; With debug-info=lines a helper's code has its own line, and that of a C
; function in it, inlined at the Rust call, and the unit is the crate's.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S -o %t/result.ll \
; RUN:   -passes='import-helpers<library=%t/library.bc;debug-info=lines;leftover=error>'
; RUN: FileCheck --implicit-check-not=DW_LANG_C %s < %t/result.ll

; CHECK-LABEL: define i32 @caller(
; CHECK:         add i32 %x, 1, !dbg [[HELPER:![0-9]+]]
; CHECK:         mul i32 %{{.*}}, 3, !dbg [[NESTED:![0-9]+]]
; CHECK:         ret i32 %{{.*}}, !dbg [[CALL:![0-9]+]]
; The function whose address is taken is of the same unit.
; CHECK:       define internal i32 @taken({{.*}} !dbg [[TAKEN:![0-9]+]]

; CHECK:       !llvm.dbg.cu = !{[[UNIT:![0-9]+]]}
; CHECK:       [[UNIT]] = distinct !DICompileUnit(language: DW_LANG_Rust
; CHECK-DAG:   [[HELPER]] = !DILocation(line: 11, column: 9, scope: [[HELPER_SCOPE:![0-9]+]], inlinedAt: [[AT:![0-9]+]])
; CHECK-DAG:   [[AT]] = distinct !DILocation(line: 21, column: 9, scope: [[CALLER:![0-9]+]])
; CHECK-DAG:   [[CALLER]] = distinct !DISubprogram(name: "caller", {{.*}}unit: [[UNIT]])
; CHECK-DAG:   [[HELPER_SCOPE]] = distinct !DISubprogram(name: "helper", scope: [[FILE:![0-9]+]], file: [[FILE]], line: 10, {{.*}}unit: [[UNIT]])
; CHECK-DAG:   [[FILE]] = !DIFile(filename: "helpers.c", directory: "/c")
; CHECK-DAG:   [[NESTED]] = !DILocation(line: 3, column: 5, scope: [[NESTED_SCOPE:![0-9]+]], inlinedAt: [[NESTED_AT:![0-9]+]])
; CHECK-DAG:   [[NESTED_SCOPE]] = distinct !DISubprogram(name: "nested", {{.*}}line: 2, {{.*}}unit: [[UNIT]])
; CHECK-DAG:   [[NESTED_AT]] = distinct !DILocation(line: 12, column: 9, scope: [[HELPER_SCOPE]], inlinedAt: [[AT]])
; CHECK-DAG:   [[CALL]] = !DILocation(line: 22, column: 9, scope: [[CALLER]])
; CHECK-DAG:   [[TAKEN]] = distinct !DISubprogram(name: "taken", {{.*}}unit: [[UNIT]])

;--- crate.ll
@pointer = global ptr @taken

declare i32 @helper(i32)
declare i32 @taken(i32)

define i32 @caller(i32 %x) !dbg !3 {
  %r = call i32 @helper(i32 %x), !dbg !6
  ret i32 %r, !dbg !7
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
!7 = !DILocation(line: 22, column: 9, scope: !3)

;--- library.ll
define i32 @helper(i32 %x) !dbg !3 {
  %s = add i32 %x, 1, !dbg !6
  %r = mul i32 %s, 3, !dbg !7
  ret i32 %r, !dbg !8
}

define i32 @taken(i32 %x) !dbg !10 {
  ret i32 %x, !dbg !11
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
!7 = !DILocation(line: 3, column: 5, scope: !9, inlinedAt: !8)
!8 = distinct !DILocation(line: 12, column: 9, scope: !3)
!9 = distinct !DISubprogram(name: "nested", scope: !2, file: !2, line: 2, type: !4, scopeLine: 2, spFlags: DISPFlagLocalToUnit | DISPFlagDefinition, unit: !0)
!10 = distinct !DISubprogram(name: "taken", scope: !2, file: !2, line: 30, type: !4, scopeLine: 30, spFlags: DISPFlagDefinition, unit: !0)
!11 = !DILocation(line: 31, column: 9, scope: !10)
