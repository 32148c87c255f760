; A function that a helper only calls where it exists stays weak.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK: declare extern_weak void @optional()

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %exists = icmp ne ptr @optional, null
  br i1 %exists, label %call, label %end

call:
  call void @optional()
  br label %end

end:
  ret i32 %x
}

declare extern_weak void @optional()
