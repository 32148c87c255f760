; A plugin built for another LLVM tells this host so, and the host refuses it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; REQUIRES: other-plugin
;
; RUN: not opt -load-pass-plugin=%other-plugin -passes=import-helpers \
; RUN:   -disable-output %s 2>&1 \
; RUN:   | FileCheck %s -DOURS=%llvm-major -DTHEIRS=%other-llvm

; CHECK:     error: inline-helpers: the plugin is built for LLVM [[THEIRS]], this host has LLVM [[OURS]]; help: use InlineHelpers-[[OURS]].so, built with the package llvm-[[OURS]]-dev
; CHECK-NOT: Stack dump

define void @nothing() {
  ret void
}
