; A library with the calls of an instrumentation in it is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc>' \
; RUN:   | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}/library.bc' is instrumented: symbol __sanitizer_cov_trace_pc; help: {{.*}}
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

declare void @__sanitizer_cov_trace_pc()
