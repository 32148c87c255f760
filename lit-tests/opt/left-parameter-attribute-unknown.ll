; A helper with a string attribute of a parameter that no rule knows stays a
; call.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: it has an attribute that is not known to be safe to inline (made-in-the-future) [attribute]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 "made-in-the-future" %x) {
  ret i32 %x
}
