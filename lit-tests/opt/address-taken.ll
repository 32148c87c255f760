; Of a helper whose address is taken an internal copy remains, with the code
; generation attributes of the crate.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:       @table = global ptr @helper
; CHECK-LABEL: define i32 @caller(
; CHECK:         add i32 %x, 1
; CHECK-NOT:     call
; CHECK:       define internal i32 @helper(i32 %x) [[ATTRIBUTES:#[0-9]+]]
; CHECK:       attributes [[ATTRIBUTES]] = { nounwind uwtable "frame-pointer"="all" }

;--- crate.ll
@table = global ptr @helper

declare i32 @helper(i32)

define i32 @caller(i32 %x) uwtable "frame-pointer"="all" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define hidden i32 @helper(i32 %x) noredzone sspstrong nounwind "frame-pointer"="none" {
  %r = add i32 %x, 1
  ret i32 %r
}
