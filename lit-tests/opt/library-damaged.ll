; Bare bitcode with zeros in it or with something behind it is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: cp %t/library.bc %t/body.bc
; RUN: dd if=/dev/zero of=%t/body.bc bs=1 seek=600 count=200 conv=notrunc
; RUN: cp %t/library.bc %t/longer.bc && echo longer than padding >> %t/longer.bc
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/body.bc>' | FileCheck %s
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/longer.bc>' | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}.bc' is damaged: {{.+}}; help: make the library with 'inline-helpers compile'{{$}}
; CHECK-NOT: {{.}}

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
