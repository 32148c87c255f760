; A helper stays a call where the caller has an attribute that permits no
; inlining: here the body would run in streaming mode.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: an attribute of it and of its caller must agree and do not (aarch64_pstate_sm_body) [attribute-mismatch]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) "aarch64_pstate_sm_body" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  ret i32 %x
}
