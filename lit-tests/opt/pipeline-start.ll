; The parameters of a pass at the end of the pipeline are those of its start,
; where the import takes place: the helper is optimised with its caller.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -pass-remarks=import-helpers \
; RUN:   -passes='default<O2>,import-helpers<library=%t/library.bc>' \
; RUN:   2>&1 | FileCheck %s

; CHECK-LABEL: define {{.*}}i32 @caller(i32 %x) local_unnamed_addr
; CHECK-NEXT:    add i32 %x, 1
; CHECK-NEXT:    ret

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
