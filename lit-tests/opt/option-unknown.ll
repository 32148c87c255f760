; An unknown parameter is an error that lists the valid ones.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;speed=11>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: unknown parameter 'speed'; help: valid parameters are library=PATH, sha256=HEX, debug-info=strip|lines, leftover=allow|warn|error, modname=NAME and report=DIR

define void @nothing() {
  ret void
}
