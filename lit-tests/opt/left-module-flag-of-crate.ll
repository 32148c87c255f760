; A helper stays a call where the crate has a module flag that permits no import:
; the sanitizer has been here, and would not look at the helper.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: its library or the crate has a module flag that is not known to be safe to inline with (nosanitize_address) [module-flag]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

!llvm.module.flags = !{!0}
!0 = !{i32 1, !"nosanitize_address", i32 1}

;--- library.ll
define i32 @helper(i32 %x) {
  ret i32 %x
}
