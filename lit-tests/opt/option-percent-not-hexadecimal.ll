; A percent sign before something else than two hexadecimal digits is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a%%zz>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: '%zz' is not a percent-encoded character (a '%' itself is written '%25'); help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
