; The pass imports once although the pipeline names it twice.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -pass-remarks=import-helpers \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=warn>,import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   2>&1 | FileCheck %s

; CHECK:       remark: {{.*}}'helper' imported
; CHECK:       warning: {{.*}}'stays' stays a call
; CHECK-NOT:   {{remark|warning}}:
; CHECK-LABEL: define {{.*}}i32 @caller(
; CHECK:         add i32 %x, 1
; CHECK-NOT:   @helper

;--- crate.ll
declare i32 @helper(i32)
declare i32 @stays(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @helper(i32 %x)
  %b = call i32 @stays(i32 %a)
  ret i32 %b
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

define i32 @stays(i32 %x) noinline {
  ret i32 %x
}
