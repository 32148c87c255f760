; A library with another content than the digest says is an error that names
; both.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc;sha256=0000000000000000000000000000000000000000000000000000000000000000>' \
; RUN:   | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}/library.bc' has the SHA-256 digest {{[0-9a-f]+}}, expected 0000000000000000000000000000000000000000000000000000000000000000; help: take the flags anew from 'inline-helpers flags', or make the library again
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
