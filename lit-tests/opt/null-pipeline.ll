; Accesses that may be to null are simplified once in each of the two places
; where LLVM simplifies functions, after its first round, and not at every round.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; opt does not know the names of all of the passes, which is its error.
; RUN: not opt -load-pass-plugin=%plugin -passes='default<O2>' -print-pipeline-passes \
; RUN:   -disable-output %s 2> %t.txt | sed 's/inline_helpers::/\n&/g' | FileCheck %s

; CHECK:      globalopt,function
; CHECK-NEXT: {{^}}inline_helpers::SimplifyNullAccessesPass,{{.*}}cgscc(
; CHECK-NEXT: {{^}}inline_helpers::SimplifyNullAccessesPass,
; CHECK-NOT:  SimplifyNullAccessesPass

define void @f() {
  ret void
}
