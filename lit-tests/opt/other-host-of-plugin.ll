; A host with another LLVM is told which LLVM the plugin is built for, and goes
; on to fail.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; REQUIRES: other-llvm, plugin
;
; RUN: not %other-opt -load-pass-plugin=%plugin -passes=import-helpers \
; RUN:   -disable-output %s 2>&1 | FileCheck %s -DOURS=%llvm-major -DTHEIRS=%other-llvm

; CHECK:     error: inline-helpers: the plugin is built for LLVM [[OURS]], this host has LLVM [[THEIRS]]; help: use InlineHelpers-[[THEIRS]].so, built with the package llvm-[[THEIRS]]-dev
; CHECK-NOT: Stack dump

define void @nothing() {
  ret void
}
