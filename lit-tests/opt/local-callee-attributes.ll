; A local function that comes along gets the code generation attributes of the
; crate, and keeps what is said of its body.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK: define internal i32 @local(i32 %x) [[ATTRIBUTES:#[0-9]+]]
; CHECK: attributes [[ATTRIBUTES]] = { cold noinline uwtable "frame-pointer"="all" }

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) uwtable "frame-pointer"="all" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = call i32 @local(i32 %x)
  ret i32 %r
}

define internal i32 @local(i32 %x) noinline cold sspstrong "stack-protector-buffer-size"="8" "frame-pointer"="none" {
  ret i32 %x
}
