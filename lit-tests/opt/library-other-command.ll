; The command beside the plugin is asked for what it says, not for its name: one
; that says nothing of this protocol and LLVM is an error.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; REQUIRES: plugin
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: mkdir -p %t/other/lib %t/other/bin && cp %plugin %t/other/lib/
; RUN: printf '#!/bin/sh\necho inline-helpers rewrite 1 LLVM 7\n' > %t/other/bin/inline-helpers
; RUN: chmod +x %t/other/bin/inline-helpers
; RUN: not opt -load-pass-plugin=%t/other/lib/InlineHelpers-%llvm-major.so \
; RUN:   -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/library.bc>' | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}/library.bc' cannot be checked for damage: '{{.*}}/other/bin/inline-helpers' is not the command of this plugin, which is for LLVM {{[0-9]+}}; help: {{.*$}}
; CHECK-NOT: {{.}}

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
