; A library whose content has the digest that is given is used, whatever case
; the digest is in.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: sha256sum %t/library.bc | cut -c 1-64 > %t/digest
; RUN: tr a-f A-F < %t/digest > %t/upper-case
; RUN: sed "s|.*|'-passes=import-helpers<library=%t/library.bc;sha256=&>'|" \
; RUN:   %t/digest > %t/arguments
; RUN: sed "s|.*|'-passes=import-helpers<library=%t/library.bc;sha256=&>'|" \
; RUN:   %t/upper-case > %t/arguments-upper-case
; RUN: opt -load-pass-plugin=%plugin @%t/arguments %t/crate.ll -S | FileCheck %s
; RUN: opt -load-pass-plugin=%plugin @%t/arguments-upper-case %t/crate.ll -S \
; RUN:   | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         %[[R:.*]] = add i32 %x, 1
; CHECK-NEXT:    ret i32 %[[R]]
; CHECK-NOT:   @helper

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
