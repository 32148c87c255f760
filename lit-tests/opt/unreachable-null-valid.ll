; Where null is a valid pointer, an access through it is no reason for a
; warning.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --allow-empty --implicit-check-not=warning:

;--- crate.ll
declare i32 @read(ptr)
declare i32 @read_or_trap(ptr, i32)

define i32 @helper_allows() {
  %r = call i32 @read(ptr null)
  ret i32 %r
}

define i32 @caller_allows() null_pointer_is_valid {
  %r = call i32 @read_or_trap(ptr null, i32 1)
  ret i32 %r
}

;--- library.ll
define i32 @read(ptr %p) null_pointer_is_valid {
  %r = load i32, ptr %p
  ret i32 %r
}

define i32 @read_or_trap(ptr %p, i32 %x) {
  %r = load i32, ptr %p
  ret i32 %r
}
