; A folder for reports that is given twice is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -passes='import-helpers<report=a;report=a>' \
; RUN:   -disable-output %s 2>&1 | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: parameter 'report' is given more than once; help: valid parameters are library=PATH, {{.*}} and report=DIR

define void @f() {
  ret void
}
