; Callers that differ have their own answers: one call is inlined, another goes
; on calling the symbol, with the declaration's attributes and metadata.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   -pass-remarks=import-helpers -pass-remarks-missed=import-helpers %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK-DAG:   remark: {{.*}}: 'helper' stays a call: attribute-mismatch:
; CHECK-DAG:   remark: {{.*}}: 'helper' imported and inlined into 'caller'
; CHECK:       warning: inline-helpers: helper 'helper' stays a call in 'checked': an attribute of it and of its caller must agree and do not (safestack) [attribute-mismatch]
; CHECK-NOT:   warning

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:    add i32 %x, 1
; CHECK-LABEL: define i32 @checked(
; CHECK-NEXT:    call i32 @helper(i32 %x)
; CHECK-NOT:   define {{.*}}@helper
; CHECK:       declare !of-the-declaration [[METADATA:![0-9]+]] i32 @helper(i32) [[DECLARED:#[0-9]+]]
; CHECK:       attributes [[DECLARED]] = { "of-the-declaration" }
; CHECK:       [[METADATA]] = !{i32 1}

;--- crate.ll
define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

define i32 @checked(i32 %x) safestack {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

declare !of-the-declaration !0 i32 @helper(i32) "of-the-declaration"
!0 = !{i32 1}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
