; A digest before any library is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<sha256=0000000000000000000000000000000000000000000000000000000000000000;library=a>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: parameter 'sha256' has no library before it; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
