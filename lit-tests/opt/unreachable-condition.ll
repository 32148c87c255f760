; What a condition of the caller says of an argument counts.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'helper' becomes unreachable in 'range':
; CHECK: warning: inline-helpers: helper 'quotient' becomes unreachable in 'equal':

;--- crate.ll
declare i32 @helper(i32)
declare void @print()
declare i32 @quotient(i32, i32)

define i32 @range(i32 %kind, i1 %c) {
  %large = icmp ugt i32 %kind, 7
  br i1 %large, label %between, label %end

between:
  call void @print()
  %huge = icmp ugt i32 %kind, 90
  br i1 %huge, label %end, label %then

then:
  br i1 %c, label %more, label %call

more:
  call void @print()
  br label %call

call:
  %r = call i32 @helper(i32 %kind)
  ret i32 %r

end:
  ret i32 0
}

define i32 @equal(i32 %x, i32 %y) {
  %zero = icmp eq i32 %y, 0
  br i1 %zero, label %call, label %end

call:
  %r = call i32 @quotient(i32 %x, i32 %y)
  ret i32 %r

end:
  ret i32 0
}

define i32 @unequal(i32 %x, i32 %y) {
  %zero = icmp eq i32 %y, 0
  br i1 %zero, label %end, label %call

call:
  %r = call i32 @quotient(i32 %x, i32 %y)
  ret i32 %r

end:
  ret i32 0
}

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

define i32 @quotient(i32 %a, i32 %b) {
  %r = sdiv i32 %a, %b
  ret i32 %r
}
