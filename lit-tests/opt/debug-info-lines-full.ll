; Of a library with full debug info debug-info=lines keeps line tables alone:
; no variable, no type, no declaration, no namespace of C++.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S -o %t/result.ll \
; RUN:   -passes='import-helpers<library=%t/library.bc;debug-info=lines;leftover=error>'
; RUN: FileCheck %s --implicit-check-not=dbg_ --implicit-check-not=only_in_c \
; RUN:   --implicit-check-not=DIAssignID --implicit-check-not=heapallocsite \
; RUN:   --implicit-check-not=DIGlobalVariable --implicit-check-not=DILocalVariable \
; RUN:   --implicit-check-not=DIBasicType --implicit-check-not=DICompositeType \
; RUN:   --implicit-check-not=DINamespace --implicit-check-not=DITemplate \
; RUN:   --implicit-check-not=C_plus_plus --implicit-check-not=identifier < %t/result.ll

; CHECK:       @table = internal constant [2 x i32] [i32 1, i32 2]{{$}}
; CHECK:       define i32 @caller(
; CHECK:         load i32, {{.*}} !dbg [[LOAD:![0-9]+]]
; CHECK:         call ptr @allocate(i32 {{.*}}), !dbg [[LOAD]]{{$}}
; CHECK:       declare ptr @allocate(i32){{$}}
; CHECK-DAG:   [[UNIT:![0-9]+]] = distinct !DICompileUnit(language: DW_LANG_Rust
; CHECK-DAG:   [[LOAD]] = !DILocation(line: 11, column: 9, scope: [[SCOPE:![0-9]+]], inlinedAt:
; CHECK-DAG:   [[SCOPE]] = distinct !DISubprogram(name: "helper", linkageName: "helper", scope: null, file: [[FILE:![0-9]+]], line: 10, type: [[TYPE:![0-9]+]], scopeLine: 10, flags: DIFlagPrototyped, spFlags: DISPFlagDefinition, unit: [[UNIT]])
; CHECK-DAG:   [[TYPE]] = !DISubroutineType(types: [[TYPES:![0-9]+]])
; CHECK-DAG:   [[TYPES]] = !{}

;--- crate.ll
declare i32 @helper(i64)

define i32 @caller(i64 %x) !dbg !3 {
  %r = call i32 @helper(i64 %x), !dbg !6
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
@table = internal constant [2 x i32] [i32 1, i32 2], !dbg !20

declare !dbg !30 ptr @allocate(i32)

define i32 @helper(i64 %x) !dbg !3 {
  %slot = alloca i64, !DIAssignID !16
  store i64 %x, ptr %slot, !dbg !6, !DIAssignID !17
    #dbg_assign(i64 %x, !12, !DIExpression(), !17, ptr %slot, !DIExpression(), !6)
    #dbg_value(i64 %x, !12, !DIExpression(), !6)
  %p = getelementptr i32, ptr @table, i64 %x, !dbg !6
  %r = load i32, ptr %p, !dbg !6
  %q = call ptr @allocate(i32 %r), !dbg !6, !heapallocsite !14
    #dbg_value(ptr %q, !12, !DIExpression(), !6)
  ret i32 %r, !dbg !6
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!1}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus_14, file: !2, emissionKind: FullDebug, retainedTypes: !15, globals: !{!20})
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "helpers.cpp", directory: "/c")
!3 = distinct !DISubprogram(name: "helper", linkageName: "helper", scope: !7, file: !2, line: 10, type: !4, scopeLine: 10, flags: DIFlagPrototyped, spFlags: DISPFlagDefinition, unit: !0, templateParams: !8, declaration: !9, retainedNodes: !11)
!4 = !DISubroutineType(types: !5)
!5 = !{!14, !13}
!6 = !DILocation(line: 11, column: 9, scope: !3)
!7 = !DINamespace(name: "space", scope: null)
!8 = !{!10}
!9 = !DISubprogram(name: "helper", linkageName: "helper", scope: !7, file: !2, line: 9, type: !4, scopeLine: 9, flags: DIFlagPrototyped, spFlags: 0)
!10 = !DITemplateTypeParameter(name: "T", type: !14)
!11 = !{!12}
!12 = !DILocalVariable(name: "x", arg: 1, scope: !3, file: !2, line: 10, type: !13)
!13 = !DIBasicType(name: "long", size: 64, encoding: DW_ATE_signed)
!14 = !DICompositeType(tag: DW_TAG_structure_type, name: "only_in_c", file: !2, line: 1, size: 32, elements: !{}, identifier: "only_in_c")
!15 = !{!14}
!16 = distinct !DIAssignID()
!17 = distinct !DIAssignID()
!20 = !DIGlobalVariableExpression(var: !21, expr: !DIExpression())
!21 = distinct !DIGlobalVariable(name: "table", scope: !0, file: !2, line: 2, type: !14, isLocal: true, isDefinition: true)
!30 = !DISubprogram(name: "allocate", scope: !2, file: !2, line: 5, type: !4, flags: DIFlagPrototyped, spFlags: 0)
