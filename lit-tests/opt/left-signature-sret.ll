; A helper that returns a structure through memory stays a call where the crate
; passes a plain pointer.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: the call's signature differs from the definition's (sret) [signature]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare void @helper(ptr)

define void @caller(ptr %out) {
  call void @helper(ptr %out)
  ret void
}

;--- library.ll
define void @helper(ptr sret({ i64, i64, i64 }) %out) {
  ret void
}
