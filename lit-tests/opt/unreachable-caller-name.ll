; The caller is named as in its source, without the hash of Rust's legacy
; mangling.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: {{.*}}becomes unreachable in 'main::wrong':
; CHECK: warning: inline-helpers: {{.*}}becomes unreachable in 'crate_name::module::wrong':

;--- crate.ll
declare i32 @helper(i32)

define i32 @_ZN4main5wrong17h0123456789abcdefE() {
  %r = call i32 @helper(i32 5)
  ret i32 %r
}

define i32 @_RNvNtCs1234_10crate_name6module5wrong() {
  %r = call i32 @helper(i32 5)
  ret i32 %r
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
