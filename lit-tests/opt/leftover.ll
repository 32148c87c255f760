; A wanted helper that stays a call is silent, a warning or an error, as
; leftover says; it is silent where it does not say.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --check-prefix=ALLOW --implicit-check-not=helpers:
; RUN: opt -load-pass-plugin=%plugin \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=allow>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --check-prefix=ALLOW --implicit-check-not=helpers:
; RUN: opt -load-pass-plugin=%plugin \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --check-prefix=WARN
; RUN: not opt -load-pass-plugin=%plugin \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --check-prefix=ERROR

; ALLOW:     {{^}}; ModuleID
; ALLOW:     call i32 @helper(

; WARN:      {{^}}warning: inline-helpers: helper 'helper' stays a call: it is marked noinline [noinline]{{$}}
; WARN:      call i32 @helper(

; ERROR:     {{^}}error: inline-helpers: helper 'helper' stays a call: it is marked noinline [noinline]{{$}}
; ERROR-NOT: call i32 @helper(

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) noinline {
  ret i32 %x
}
