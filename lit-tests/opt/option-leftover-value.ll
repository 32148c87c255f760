; An unknown value of leftover is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;leftover=ignore>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: 'ignore' is no value of parameter 'leftover'; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
