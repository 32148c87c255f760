; The digest is checked before LLVM reads anything: damaged bitcode can make
; LLVM abort.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: head -c 400 %t/library.bc > %t/truncated.bc
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/truncated.bc;sha256=0000000000000000000000000000000000000000000000000000000000000000>' \
; RUN:   | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}/truncated.bc' has the SHA-256 digest {{.*}}
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
