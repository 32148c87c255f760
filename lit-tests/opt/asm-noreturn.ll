; Assembly behind which nothing can be reached does not return, so that code
; generation puts no trap behind it. Other assembly, a barrier, and a function of
; which the library does not say so may return, and so may what stands where a
; helper with a result has no return.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK: call void asm sideeffect "nop", ""(){{$}}
; CHECK: call void asm sideeffect "ud2", ""() #[[NORETURN:[0-9]+]]
; CHECK: call void asm sideeffect "", "~{memory}"(){{$}}
; CHECK: call void @may_end(){{$}}
; CHECK: call void asm sideeffect "cli", ""(){{$}}
; CHECK: attributes #[[NORETURN]] = { noreturn }

;--- crate.ll
declare void @helper(i1, i1)
declare i32 @helper_with_result(i1)

define i32 @caller(i1 %end, i1 %x) {
  call void @helper(i1 %end, i1 %x)
  %r = call i32 @helper_with_result(i1 %x)
  ret i32 %r
}

;--- library.ll
declare void @may_end()

define void @helper(i1 %end, i1 %x) {
  call void asm sideeffect "nop", ""()
  br i1 %end, label %bug, label %other

bug:
  call void asm sideeffect "ud2", ""()
  unreachable

other:
  br i1 %x, label %barrier, label %call

barrier:
  call void asm sideeffect "", "~{memory}"()
  unreachable

call:
  call void @may_end()
  unreachable
}

define i32 @helper_with_result(i1 %x) {
  br i1 %x, label %end, label %missing

end:
  ret i32 0

missing:
  call void asm sideeffect "cli", ""()
  unreachable
}
