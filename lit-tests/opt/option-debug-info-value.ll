; An unknown value of debug-info is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;debug-info=all>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: 'all' is no value of parameter 'debug-info'; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
