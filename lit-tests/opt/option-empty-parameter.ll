; An empty parameter, such as the one after a last semicolon, is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: a parameter is empty; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
