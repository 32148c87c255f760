; A helper whose call may unwind is inlined into its caller.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK-LABEL: define i32 @caller(
; CHECK:         invoke void @may_throw(i32 %x)
; CHECK-NEXT:            to label %{{.*}} unwind label %cleanup
; CHECK-NOT:   @helper

;--- crate.ll
declare i32 @helper(i32)
declare i32 @personality(...)

define i32 @caller(i32 %x) personality ptr @personality {
  %r = invoke i32 @helper(i32 %x)
          to label %end unwind label %cleanup

end:
  ret i32 %r

cleanup:
  %pad = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %pad
}

;--- library.ll
define i32 @helper(i32 %x) {
  call void @may_throw(i32 %x)
  ret i32 %x
}

declare void @may_throw(i32)
