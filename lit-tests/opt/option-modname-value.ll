; What cannot be the name of a kernel module is no value of modname.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %s 2>&1 \
; RUN:   -passes='import-helpers<library=a;modname=rnull-mod>' | FileCheck %s

; CHECK: error: inline-helpers: import-helpers: 'rnull-mod' is no value of parameter 'modname'; help: valid parameters are library=PATH

define void @nothing() {
  ret void
}
