; Of two libraries that define a helper the first one counts, even if the
; helper stays a call because of it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: llvm-as %t/second.ll -o %t/second.bc
; RUN: opt -load-pass-plugin=%plugin -S %t/crate.ll \
; RUN:   -passes='import-helpers<library=%t/library.bc;library=%t/second.bc>' \
; RUN:   | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    add i32 %x, 1
; CHECK-NEXT:    call i32 @helper(
; CHECK-NEXT:    sub i32 %{{.*}}, 2
; CHECK-NOT:   define

;--- crate.ll
declare i32 @inlined(i32)
declare i32 @helper(i32)
declare i32 @of_second(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @inlined(i32 %x)
  %b = call i32 @helper(i32 %a)
  %c = call i32 @of_second(i32 %b)
  ret i32 %c
}

;--- library.ll
define i32 @inlined(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

define i32 @helper(i32 %x) noinline {
  ret i32 1
}

;--- second.ll
define i32 @inlined(i32 %x) {
  ret i32 -1
}

define i32 @helper(i32 %x) {
  ret i32 -1
}

define i32 @of_second(i32 %x) {
  %r = sub i32 %x, 2
  ret i32 %r
}
