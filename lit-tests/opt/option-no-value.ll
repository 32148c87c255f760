; A parameter without a value is an error.
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: parameter 'library' has no value; help: valid parameters are library=PATH, sha256=HEX, debug-info=strip and leftover=allow|warn|error

define void @nothing() {
  ret void
}
