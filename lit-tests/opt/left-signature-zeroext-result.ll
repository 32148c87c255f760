; A helper that extends its result by its sign stays a call where the crate
; expects zeros.
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
declare zeroext i8 @helper(i32)

define i8 @caller(i32 %x) {
  %r = call zeroext i8 @helper(i32 %x)
  ret i8 %r
}

;--- library.ll
define signext i8 @helper(i32 %x) {
  ret i8 1
}
