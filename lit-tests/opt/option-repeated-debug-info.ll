; debug-info given twice is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<debug-info=strip;debug-info=strip>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: parameter 'debug-info' is given more than once; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
