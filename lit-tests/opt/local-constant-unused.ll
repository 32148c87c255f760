; A constant of the library's file is not kept where inlining drops the code that
; names a part of it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-NOT:   @key
; CHECK-LABEL: define i64 @caller(
; CHECK-NOT:   @

;--- crate.ll
declare i64 @helper(i1)

define i64 @caller() {
  %r = call i64 @helper(i1 false)
  ret i64 %r
}

;--- library.ll
@key = internal constant [2 x i64] [i64 1, i64 2]

define i64 @helper(i1 %c) {
  br i1 %c, label %read, label %end

read:
  %x = load i64, ptr getelementptr (i8, ptr @key, i64 8)
  br label %end

end:
  %r = phi i64 [ %x, %read ], [ 0, %0 ]
  ret i64 %r
}
