; A parameter that is a mere name is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: parameter 'library' has no value; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
