; A module that wants nothing opens nothing: the library need not even exist.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: opt -load-pass-plugin=%plugin \
; RUN:   -passes='import-helpers<library=%t.no-such-file.bc;leftover=error>' %s -S \
; RUN:   2>&1 | FileCheck %s

; CHECK-NOT:   error
; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    ret i32 %x

declare i32 @unused(i32)
declare i32 @_RNvC4main6helper(i32)
declare i32 @llvm.bswap.i32(i32)

define i32 @caller(i32 %x) {
  ret i32 %x
}
