; Each step of the pass is a pass to the instrumentation of the host, which can
; verify the module after it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   -debug-pass-manager=verbose -disable-output %t/crate.ll 2>&1 | FileCheck %s

; CHECK:      Running pass: import-helpers: judge on [module]
; CHECK:      Verifying module {{.*}}crate.ll
; CHECK:      Running pass: import-helpers: import on [module]
; CHECK:      Verifying module {{.*}}crate.ll
; CHECK:      Running pass: import-helpers: inline on [module]
; CHECK:      Verifying module {{.*}}crate.ll
; CHECK:      Running pass: import-helpers: inline on [module]
; CHECK:      Verifying module {{.*}}crate.ll
; CHECK-NOT:  Running pass: import-helpers: inline
; CHECK:      Running pass: import-helpers: erase on [module]
; CHECK:      Verifying module {{.*}}crate.ll

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @helper(i32 %x)
  %b = call i32 @helper(i32 %a)
  ret i32 %b
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
