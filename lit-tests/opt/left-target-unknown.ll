; A helper for a CPU or with a feature that LLVM does not know stays a call, and LLVM is not asked about it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --implicit-check-not='not a recognized'

; CHECK-DAG: warning: inline-helpers: helper 'helper_cpu' stays a call: {{.*}}(unknown to this LLVM: CPU x8v-64) [target-features]
; CHECK-DAG: warning: inline-helpers: helper 'helper_feature' stays a call: {{.*}}(unknown to this LLVM: feature sse9) [target-features]
; CHECK:     call {{.*}}@helper_cpu(
; CHECK:     call {{.*}}@helper_feature(

; The command refuses such a library.
; RUN: not inline-helpers compile -o %t/sealed.bc %t/library.bc 2>&1 | FileCheck --check-prefix=COMMAND %s
; COMMAND: error: 'helper_cpu' is compiled for what this LLVM does not know: CPU x8v-64
; COMMAND-NEXT: help: compile it for a CPU that LLVM {{[0-9]+}} has
; RUN: not ls %t/sealed.bc

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare i32 @helper_cpu(i32)
declare i32 @helper_feature(i32)

define i32 @caller(i32 %x) "target-cpu"="x86-64" {
  %a = call i32 @helper_cpu(i32 %x)
  %b = call i32 @helper_feature(i32 %a)
  ret i32 %b
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

; What the library as a whole is compiled for.
define i32 @helper_1(i32 %x) "target-cpu"="x86-64" {
  ret i32 %x
}

define i32 @helper_2(i32 %x) "target-cpu"="x86-64" {
  ret i32 %x
}

define i32 @helper_cpu(i32 %x) "target-cpu"="x8v-64" {
  ret i32 %x
}

define i32 @helper_feature(i32 %x) "target-cpu"="x86-64" "target-features"="+sse9" {
  ret i32 %x
}
