; A helper that reaches a variable of its own file, however indirectly, stays a
; call: there would be two of it.
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
@table = internal constant [1 x ptr] [ptr @row]
@row = internal constant { i32, ptr } { i32 1, ptr @state }
@state = internal global i32 0

define i32 @helper(i32 %x) {
  %row = load ptr, ptr @table
  %field = getelementptr { i32, ptr }, ptr %row, i32 0, i32 1
  %state = load ptr, ptr %field
  store i32 %x, ptr %state
  ret i32 %x
}
