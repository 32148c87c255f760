; An unknown value of debug-info is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;debug-info=lines>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: 'lines' is no value of parameter 'debug-info'; help: valid parameters are library=PATH, sha256=HEX, debug-info=strip and leftover=allow|warn|error

define void @nothing() {
  ret void
}
