; A weak reference asks the linker whether there is such a symbol: the import
; does not answer in its place.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' %t/crate.ll -S 2>%t/errors | FileCheck %s
; RUN: FileCheck --check-prefix=WARN --input-file=%t/errors %s

; CHECK: declare extern_weak void @helper()
; CHECK: icmp eq ptr @helper, null
; WARN: warning: {{.*}}helper 'helper' stays a call: {{.*}} (extern_weak) [interposable]

;--- crate.ll
declare extern_weak void @helper()

define i1 @caller() {
  %absent = icmp eq ptr @helper, null
  ret i1 %absent
}

;--- library.ll
define void @helper() {
  ret void
}
