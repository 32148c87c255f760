; A variable that only a local function of the helper reaches is seen.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: it reaches a variable of its own file, whose state would be duplicated (state) [mutable-state]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
@state = internal global i32 0

define i32 @helper(i32 %x) {
  call void @local(i32 %x)
  ret i32 %x
}

define internal void @local(i32 %x) noinline {
  store i32 %x, ptr @state
  ret void
}
