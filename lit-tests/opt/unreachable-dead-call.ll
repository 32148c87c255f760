; A call in code that is never executed is not warned of.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --allow-empty --implicit-check-not=warning:

;--- crate.ll
declare i32 @helper(i32)

define i32 @constant() {
  br i1 false, label %call, label %end

call:
  %r = call i32 @helper(i32 5)
  ret i32 %r

end:
  ret i32 0
}

define i32 @local_variable() {
  %flag = alloca i8
  store i8 0, ptr %flag
  %f = load i8, ptr %flag
  %set = icmp ne i8 %f, 0
  br i1 %set, label %call, label %end

call:
  %r = call i32 @helper(i32 5)
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
