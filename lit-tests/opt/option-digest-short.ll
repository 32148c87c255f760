; A digest of another length is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;sha256=abc>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: 'abc' is no value of parameter 'sha256'; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
