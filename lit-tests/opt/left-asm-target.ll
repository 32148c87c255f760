; A helper with assembly, compiled for features that not every CPU has, stays a
; call where the caller lacks them.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK:     warning: inline-helpers: helper 'helper' stays a call: it needs target features its caller does not have (assembly) [target-features]
; CHECK:     call {{.*}}@helper(
; CHECK-NOT: define {{.*}}@helper(

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper(i32)

define i32 @caller(i32 %x) "target-cpu"="x86-64" {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(i32 %x) "target-cpu"="corei7" "target-features"="+cmov,+crc32,+cx8,+sse4.2" {
  %r = call i32 asm "crc32l $1, $0", "=r,r,0"(i32 %x, i32 0)
  ret i32 %r
}
