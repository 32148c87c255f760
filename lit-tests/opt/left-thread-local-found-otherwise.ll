; A helper that reaches a thread-local variable stays a call where the crate's code
; would find it by other means: another register, or a function that emulates it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: sed 's/SYSTEM/linux-gnu/' %t/library.ll | llvm-as -o %t/library.bc
; RUN: sed 's/SYSTEM/linux-gnu/; s/MODEL/i32 1, !"Code Model", i32 2/' %t/crate.ll > %t/kernel.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/kernel.ll -S 2>&1 | FileCheck %s
; RUN: sed 's/SYSTEM/openbsd/; s/MODEL/i32 1, !"wchar_size", i32 4/' %t/crate.ll > %t/emulated.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/emulated.ll -S 2>&1 | FileCheck %s
; RUN: sed 's/SYSTEM/linux-gnu/; s/MODEL/i32 1, !"wchar_size", i32 4/' %t/crate.ll > %t/same.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/same.ll -S 2>&1 | FileCheck --check-prefix=SAME %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: it reaches a thread-local variable (errno) [thread-local]
; CHECK:     call {{.*}}@helper(
; SAME-NOT:  call {{.*}}@helper(

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-SYSTEM"

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

!llvm.module.flags = !{!0}
!0 = !{MODEL}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-SYSTEM"

@errno = external thread_local global i32

define i32 @helper(i32 %x) {
  store i32 0, ptr @errno
  ret i32 %x
}
