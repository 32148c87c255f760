; The same input gives the same bytes.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -o %t/one.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -o %t/two.bc
; RUN: cmp %t/one.bc %t/two.bc



;--- crate.ll
@table = global [2 x ptr] [ptr @first, ptr @second]

declare i32 @first(i32)
declare i32 @second(i32)
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
@a = internal constant i32 1
@b = internal constant i32 2

define i32 @first(i32 %x) {
  %r = call i32 @local(ptr @a)
  ret i32 %r
}

define i32 @second(i32 %x) {
  %r = call i32 @local(ptr @b)
  ret i32 %r
}

define internal i32 @local(ptr %x) noinline {
  %r = load i32, ptr %x
  ret i32 %r
}

define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
