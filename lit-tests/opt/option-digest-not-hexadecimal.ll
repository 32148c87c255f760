; A digest with something else than hexadecimal digits is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;sha256=gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: 'gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg' is no value of parameter 'sha256'; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
