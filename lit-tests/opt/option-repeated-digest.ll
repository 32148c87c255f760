; A second digest for one library is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;sha256=0000000000000000000000000000000000000000000000000000000000000000;sha256=0000000000000000000000000000000000000000000000000000000000000000>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: parameter 'sha256' is given more than once; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
