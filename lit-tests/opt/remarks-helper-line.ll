; A remark says where the helper is defined, too, although its body is gone by
; the time the remark is made.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;debug-info=lines>' \
; RUN:   -pass-remarks-output=%t/remarks.yaml -disable-output %t/crate.ll
; RUN: FileCheck %s < %t/remarks.yaml

; CHECK:      --- !Passed
; CHECK:      DebugLoc: { File: main.rs, Line: 21, Column: 9 }
; CHECK:        - Helper: helper
; CHECK-NEXT:     DebugLoc: { File: helpers.c, Line: 10, Column: 0 }
; CHECK:        - Caller: caller

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
!5 = !{null}
!6 = !DILocation(line: 11, column: 9, scope: !3)
