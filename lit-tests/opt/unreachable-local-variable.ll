; A constant that reaches the helper through a local variable is seen, in an
; unoptimised caller and through a pointer too.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'helper' becomes unreachable in 'by_value':
; CHECK: warning: inline-helpers: helper 'helper' becomes unreachable in 'in_branches':
; CHECK: warning: inline-helpers: helper 'helper_pointer' becomes unreachable in 'by_pointer':

;--- crate.ll
%Pair = type { i32, i32 }

declare i32 @helper(i32)
declare i32 @helper_pointer(ptr)
declare void @fill(ptr)

define i32 @by_value() optnone noinline {
  %kind = alloca i32
  store i32 5, ptr %kind
  %k = load i32, ptr %kind
  %r = call i32 @helper(i32 %k)
  ret i32 %r
}

define i32 @in_branches(i1 %c) {
  %kind = alloca i32
  br i1 %c, label %one, label %other

one:
  store i32 5, ptr %kind
  br label %call

other:
  store i32 5, ptr %kind
  br label %call

call:
  %k = load i32, ptr %kind
  %r = call i32 @helper(i32 %k)
  ret i32 %r
}

define i32 @by_pointer() {
  %pair = alloca %Pair
  call void @fill(ptr %pair)
  %second = getelementptr inbounds %Pair, ptr %pair, i32 0, i32 1
  store i32 5, ptr %second
  %r = call i32 @helper_pointer(ptr %pair)
  ret i32 %r
}

define i32 @right() {
  %pair = alloca %Pair
  %second = getelementptr inbounds %Pair, ptr %pair, i32 0, i32 1
  store i32 1, ptr %second
  %r = call i32 @helper_pointer(ptr %pair)
  ret i32 %r
}

;--- library.ll
%struct.pair = type { i32, i32 }

define i32 @helper_pointer(ptr %p) {
  %second = getelementptr inbounds %struct.pair, ptr %p, i32 0, i32 1
  %kind = load i32, ptr %second
  %r = call i32 @helper(i32 %kind)
  ret i32 %r
}

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
