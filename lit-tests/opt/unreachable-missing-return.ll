; A helper without its return is warned of whatever its arguments are, after a
; call too.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'nothing' becomes unreachable in 'calls_nothing': it always ends in code marked unreachable, or without the return it needs;
; CHECK: warning: inline-helpers: helper 'after_call' becomes unreachable in 'calls_after_call': it always ends in code marked unreachable, or without the return it needs;
; CHECK: warning: inline-helpers: helper 'after_barrier' becomes unreachable in 'calls_after_barrier': it always ends in code marked unreachable, or without the return it needs;

;--- crate.ll
declare i32 @nothing(i32)
declare i32 @after_call(i32)
declare i32 @after_barrier(i32)

define i32 @calls_nothing(i32 %x) {
  %r = call i32 @nothing(i32 %x)
  ret i32 %r
}

define i32 @calls_after_call(i32 %x) {
  %r = call i32 @after_call(i32 %x)
  ret i32 %r
}

define i32 @calls_after_barrier(i32 %x) {
  %r = call i32 @after_barrier(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @nothing(i32 %x) noreturn {
  unreachable
}

define i32 @after_call(i32 %x) noreturn {
  call void @print(i32 %x)
  unreachable
}

define i32 @after_barrier(i32 %x) noreturn {
  call void asm sideeffect "", "~{memory}"()
  unreachable
}

declare void @print(i32)
