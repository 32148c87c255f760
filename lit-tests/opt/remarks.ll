; Remarks tell each call that was inlined and each that was left.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   -pass-remarks=import-helpers -pass-remarks-missed=import-helpers \
; RUN:   -disable-output %t/crate.ll 2>&1 | FileCheck %s

; CHECK-DAG: remark: {{.*}}: 'helper' imported and inlined into 'caller'
; CHECK-DAG: remark: {{.*}}: 'stays' stays a call: noinline: it is marked noinline [noinline]
; CHECK-NOT: remark:

;--- crate.ll
declare i32 @helper(i32)
declare i32 @stays(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @helper(i32 %x)
  %b = call i32 @stays(i32 %a)
  ret i32 %b
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

define i32 @stays(i32 %x) noinline {
  ret i32 %x
}
