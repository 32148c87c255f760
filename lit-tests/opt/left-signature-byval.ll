; A helper that takes a structure of another size by value stays a call.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: the call's signature differs from the definition's (byval) [signature]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare i32 @helper(ptr byval([24 x i8]) align 8)

define i32 @caller(ptr %x) {
  %r = call i32 @helper(ptr byval([24 x i8]) align 8 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(ptr byval({ i64, i64 }) align 8 %x) {
  ret i32 0
}
