; A helper of which one path ends well is not warned of.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --allow-empty --implicit-check-not=warning:

;--- crate.ll
declare i32 @some(i32, i1)
declare i32 @halt_or_divide(i32, i1)

define i32 @caller(i1 %c) {
  %r = call i32 @some(i32 0, i1 %c)
  ret i32 %r
}

define i32 @endless(i1 %c) {
  %r = call i32 @halt_or_divide(i32 0, i1 %c)
  ret i32 %r
}

define i32 @phi(i1 %c) {
entry:
  br i1 %c, label %other, label %call

other:
  br label %call

call:
  %divisor = phi i32 [ 0, %entry ], [ 2, %other ]
  %r = call i32 @some(i32 %divisor, i1 true)
  ret i32 %r
}

;--- library.ll
define i32 @some(i32 %x, i1 %c) {
  br i1 %c, label %divide, label %end

divide:
  %r = sdiv i32 7, %x
  ret i32 %r

end:
  ret i32 0
}

define i32 @halt_or_divide(i32 %x, i1 %c) {
  br i1 %c, label %divide, label %again

divide:
  %r = sdiv i32 7, %x
  ret i32 %r

again:
  call void asm sideeffect "hlt", ""()
  br label %again
}
