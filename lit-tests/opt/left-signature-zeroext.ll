; A helper that expects a zero-extended argument stays a call where the crate
; does not extend it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: the call's signature differs from the definition's (zeroext) [signature]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare i32 @helper(i8)

define i32 @caller(i8 %x) {
  %r = call i32 @helper(i8 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i8 zeroext %x) {
  %r = zext i8 %x to i32
  ret i32 %r
}
