; On an architecture whose rules are not known every helper stays a call.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: its architecture's rules are not known to inline-helpers (armv7) [architecture]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
target datalayout = "e-m:e-p:32:32-Fi8-i64:64-v128:64:128-a:0:32-n32-S64"
target triple = "armv7-unknown-linux-gnueabi"

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p:32:32-Fi8-i64:64-v128:64:128-a:0:32-n32-S64"
target triple = "armv7-unknown-linux-gnueabi"

define i32 @helper(i32 %x) {
  ret i32 %x
}
