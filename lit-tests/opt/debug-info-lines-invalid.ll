; Debug info that LLVM's verifier refuses is left out with a warning, and the
; helper is imported as it would be without.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as -disable-verify -disable-auto-upgrade-debug-info %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S -o %t/result.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc;debug-info=lines;leftover=error>' \
; RUN:   | FileCheck --check-prefix=WARNING %s
; RUN: FileCheck --implicit-check-not=helpers.c %s < %t/result.ll

; WARNING:     warning: inline-helpers: the debug info in library '{{.*}}library.bc' is not valid and is left out
; CHECK-LABEL: define i32 @caller(
; CHECK:         add i32 %x, 1, !dbg [[CALL:![0-9]+]]
; CHECK:       [[CALL]] = !DILocation(line: 21,

;--- crate.ll
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
!6 = !DILocation(line: 11, column: 9, scope: !7)
!7 = distinct !DISubprogram(name: "other", scope: !2, file: !2, line: 10, type: !4, scopeLine: 10, spFlags: DISPFlagDefinition, unit: !0)
