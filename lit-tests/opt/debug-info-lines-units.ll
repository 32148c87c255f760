; Where a module has several compile units, as after fat LTO, a helper is of
; the unit of the code that calls it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -passes='import-helpers<library=%t/library.bc;debug-info=lines;leftover=error>' \
; RUN:   | FileCheck --implicit-check-not=DW_LANG_C %s

; CHECK:     !llvm.dbg.cu = !{[[FIRST:![0-9]+]], [[SECOND:![0-9]+]]}
; CHECK-DAG: !DISubprogram(name: "helper_of_second", {{.*}}unit: [[SECOND]])
; CHECK-DAG: !DISubprogram(name: "local_of_second", {{.*}}unit: [[SECOND]])
; CHECK-DAG: !DISubprogram(name: "helper_of_none", {{.*}}unit: [[FIRST]])

;--- crate.ll
@pointer = global ptr @helper_of_none

declare i32 @helper_of_second(i32)
declare i32 @helper_of_none(i32)

define i32 @caller(i32 %x) !dbg !3 {
  %r = call i32 @helper_of_second(i32 %x), !dbg !6
  ret i32 %r, !dbg !6
}

!llvm.dbg.cu = !{!7, !0}
!llvm.module.flags = !{!1}
!0 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !2, emissionKind: FullDebug)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "second.rs", directory: "/src")
!3 = distinct !DISubprogram(name: "caller", scope: !2, file: !2, line: 20, type: !4, scopeLine: 20, spFlags: DISPFlagDefinition, unit: !0)
!4 = !DISubroutineType(types: !5)
!5 = !{null}
!6 = !DILocation(line: 21, column: 9, scope: !3)
!7 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !8, emissionKind: FullDebug)
!8 = !DIFile(filename: "first.rs", directory: "/src")

;--- library.ll
define i32 @helper_of_second(i32 %x) !dbg !3 {
  %r = call i32 @local_of_second(i32 %x), !dbg !6
  ret i32 %r, !dbg !6
}

define internal i32 @local_of_second(i32 %x) !dbg !9 {
  ret i32 %x, !dbg !10
}

define i32 @helper_of_none(i32 %x) !dbg !7 {
  ret i32 %x, !dbg !8
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!1}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: LineTablesOnly)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "helpers.c", directory: "/c")
!3 = distinct !DISubprogram(name: "helper_of_second", scope: !2, file: !2, line: 10, type: !4, scopeLine: 10, spFlags: DISPFlagDefinition, unit: !0)
!4 = !DISubroutineType(types: !5)
!5 = !{}
!6 = !DILocation(line: 11, column: 9, scope: !3)
!7 = distinct !DISubprogram(name: "helper_of_none", scope: !2, file: !2, line: 20, type: !4, scopeLine: 20, spFlags: DISPFlagDefinition, unit: !0)
!8 = !DILocation(line: 21, column: 9, scope: !7)
!9 = distinct !DISubprogram(name: "local_of_second", scope: !2, file: !2, line: 30, type: !4, scopeLine: 30, spFlags: DISPFlagDefinition, unit: !0)
!10 = !DILocation(line: 31, column: 9, scope: !9)
