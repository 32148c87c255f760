; An archive in place of a library is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: rm -f %t/library.a && llvm-ar rc %t/library.a %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.a>' \
; RUN:   | FileCheck %s

; CHECK:     error: inline-helpers: cannot use library '{{.*}}/library.a': it is an archive that 'inline-helpers pack' did not write; help: make it of the same bitcode with 'inline-helpers pack'{{$}}
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
