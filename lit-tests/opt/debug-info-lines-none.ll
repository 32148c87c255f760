; In a crate without debug info debug-info=lines brings none.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -passes='import-helpers<library=%t/library.bc;debug-info=lines;leftover=error>' \
; RUN:   | FileCheck --implicit-check-not=!dbg --implicit-check-not=!DI %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         add i32 %x, 1{{$}}

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

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
