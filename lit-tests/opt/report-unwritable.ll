; A report that cannot be written is an error that names it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;report=%t/crate.ll>' \
; RUN:   -disable-output %t/crate.ll 2>&1 | FileCheck %s

; CHECK: {{^}}error: inline-helpers: cannot write '{{.*}}/crate.ll/{{.*}}.json': Not a directory; help: name a folder that can be written with report=DIR

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  ret i32 %x
}
