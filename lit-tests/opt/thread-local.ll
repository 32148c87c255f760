; A helper that reaches a thread-local variable of another file is imported: the
; variable is found by its name, in the model that fits where the crate is linked.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s
; RUN: inline-helpers pack -o %t/library.a %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.a;leftover=error>' \
; RUN:   %t/crate.ll -S | FileCheck %s

; CHECK:     @errno = external thread_local global i32
; CHECK:     @own = external thread_local global i32
; CHECK:     define {{.*}}@caller(
; CHECK:       call ptr @llvm.threadlocal.address.p0(ptr @errno)
; CHECK:       call ptr @llvm.threadlocal.address.p0(ptr @own)
; CHECK-NOT: call {{.*}}@helper(

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

!0 = !{i32 8, !"PIC Level", i32 2}
!llvm.module.flags = !{!0} ; of PIC

;--- library.ll
@errno = external thread_local global i32
@own = dso_local thread_local global i32 1

declare ptr @llvm.threadlocal.address.p0(ptr)

define i32 @helper(i32 %x) {
  %error = call ptr @llvm.threadlocal.address.p0(ptr @errno)
  store i32 0, ptr %error
  %own = call ptr @llvm.threadlocal.address.p0(ptr @own)
  store i32 0, ptr %own
  ret i32 %x
}
