; A helper whose local variables are to have a stack protector stays a call where
; its caller has none; one without such variables does not.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:       warning: inline-helpers: helper 'helper_buffer' stays a call in 'plain': an attribute of it and of its caller must agree and do not (stack protector) [attribute-mismatch]
; CHECK-NEXT:  warning: inline-helpers: helper 'helper_buffer' stays a call in 'basic': {{.*}} (stack protector) [attribute-mismatch]
; CHECK-NOT:   warning
; CHECK-LABEL: define i32 @plain(
; CHECK:         call {{.*}}@helper_buffer(
; CHECK-NOT:     @helper_add
; CHECK-LABEL: define i32 @basic(
; CHECK:         call {{.*}}@helper_buffer(
; CHECK-LABEL: define i32 @protected(
; CHECK-NOT:     @helper
; CHECK:         call {{.*}}@fill(
; CHECK-NOT:     @helper
; CHECK:       {{^}}}

;--- crate.ll
declare i32 @helper_buffer(i32)
declare i32 @helper_add(i32)

define i32 @plain(i32 %x) {
  %y = call i32 @helper_buffer(i32 %x)
  %r = call i32 @helper_add(i32 %y)
  ret i32 %r
}

define i32 @basic(i32 %x) ssp {
  %r = call i32 @helper_buffer(i32 %x)
  ret i32 %r
}

define i32 @protected(i32 %x) sspstrong {
  %y = call i32 @helper_buffer(i32 %x)
  %r = call i32 @helper_add(i32 %y)
  ret i32 %r
}

;--- library.ll
declare i32 @fill(ptr, i32)

define i32 @helper_buffer(i32 %x) sspstrong {
  %buffer = alloca [4 x i8]
  %r = call i32 @fill(ptr %buffer, i32 %x)
  ret i32 %r
}

define i32 @helper_add(i32 %x) sspstrong {
  %r = add i32 %x, 1
  ret i32 %r
}
