; A helper in another address space than its declaration stays a call.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -S %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   | FileCheck %s

; CHECK: warning: inline-helpers: helper 'helper' stays a call: {{.*}} (address space) [signature]
; CHECK: declare i32 @helper(i32)
; CHECK: call i32 @helper(i32 %x)

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) addrspace(2) {
  %r = add i32 %x, 1
  ret i32 %r
}
