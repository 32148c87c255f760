; A library that is replaced while it is checked does no harm: what is imported
; is what was checked.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; REQUIRES: plugin
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: mkdir -p %t/slow/lib %t/slow/bin && cp %plugin %t/slow/lib/
; RUN: printf '#!/bin/sh\necho damage > %t/library.bc\nexec %build/bin/inline-helpers "$@"\n' > %t/slow/bin/inline-helpers
; RUN: chmod +x %t/slow/bin/inline-helpers
; RUN: opt -load-pass-plugin=%t/slow/lib/InlineHelpers-%llvm-major.so -S \
; RUN:   %t/crate.ll \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   | FileCheck %s
; RUN: grep damage %t/library.bc

; CHECK-NOT:   @helper
; CHECK-LABEL: define i32 @caller(
; CHECK:         add i32 %x, 1
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
