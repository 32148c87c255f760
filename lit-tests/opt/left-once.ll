; A helper that stays a call everywhere is warned of once, not for every caller.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   -disable-output %t/crate.ll 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: it is marked noinline [noinline]
; CHECK-NOT: warning

;--- crate.ll
declare i32 @helper(i32)

define i32 @one(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @other(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) noinline {
  ret i32 %x
}
