; Of several calls of a helper in one function, in a loop too, the one that is
; undefined is named by its line.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'helper' becomes unreachable in 'caller' at src/main.rs:12:9:

;--- crate.ll
declare i32 @helper(i32)

define void @caller(i32 %n) !dbg !4 {
entry:
  br label %loop, !dbg !6

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %more ]
  %a = call i32 @helper(i32 1), !dbg !6
  %last = icmp eq i32 %i, %n, !dbg !6
  br i1 %last, label %end, label %more, !dbg !6

more:
  %b = call i32 @helper(i32 0), !dbg !6
  %next = add i32 %i, 1, !dbg !6
  br label %loop, !dbg !6

end:
  %c = call i32 @helper(i32 5), !dbg !7
  %d = call i32 @helper(i32 1), !dbg !6
  ret void, !dbg !6
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!1}

!0 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !2, producer: "rustc", isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "src/main.rs", directory: "/crate")
!3 = !DISubroutineType(types: !{})
!4 = distinct !DISubprogram(name: "caller", scope: !2, file: !2, line: 10, type: !3, scopeLine: 10, spFlags: DISPFlagDefinition, unit: !0)
!6 = !DILocation(line: 11, column: 5, scope: !4)
!7 = !DILocation(line: 12, column: 9, scope: !4)

;--- library.ll
define i32 @helper(i32 %kind) {
  switch i32 %kind, label %default [
    i32 0, label %zero
    i32 1, label %one
  ]

zero:
  ret i32 10

one:
  ret i32 11

default:
  unreachable
}
