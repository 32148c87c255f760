; What was imported and is called at the end of the pipeline is found: here the
; optimiser makes an indirect call of the copy a direct one.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: env INLINE_HELPERS='library=%t/library.bc;leftover=warn' \
; RUN:   opt -load-pass-plugin=%plugin -passes='default<O2>' -pass-remarks-missed=import-helpers \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s
; RUN: not env INLINE_HELPERS='library=%t/library.bc;leftover=error' \
; RUN:   opt -load-pass-plugin=%plugin -passes='default<O2>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --check-prefix=ERROR

; CHECK:       remark: {{.*}}: 'helper' stays a call: still-called:
; CHECK:       warning: inline-helpers: helper 'helper' stays a call in 'apply': it was imported, and the optimised code calls its copy [still-called]
; CHECK-NOT:   warning
; CHECK:       call {{.*}}i32 @helper(

; ERROR:       error: inline-helpers: helper 'helper' stays a call in 'apply': it was imported, and the optimised code calls its copy [still-called]

;--- crate.ll
declare i32 @helper(i32)

define internal i32 @apply(ptr %f, i32 %x) noinline {
  %r = call i32 %f(i32 %x) noinline
  ret i32 %r
}

define i32 @caller(i32 %x) {
  %r = call i32 @apply(ptr @helper, i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
