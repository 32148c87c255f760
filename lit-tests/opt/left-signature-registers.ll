; A call that is spelled differently stays a call where an argument is beyond the
; registers, on an unknown target, and where it could unwind.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s
; RUN: sed /target/d %t/crate.ll > %t/unknown.ll
; RUN: sed /target/d %t/library.ll | llvm-as -o %t/unknown.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/unknown.bc;leftover=warn>' \
; RUN:   %t/unknown.ll -S 2>&1 | FileCheck %s --check-prefix=UNKNOWN

; CHECK-NOT: warning
; CHECK:     warning: inline-helpers: helper 'seven' stays a call: the call's signature differs from the definition's [signature]
; CHECK:     warning: inline-helpers: helper 'six' stays a call in 'unwinding': the call's signature differs from the definition's [signature]
; CHECK-NOT: warning

; UNKNOWN-DAG: warning: inline-helpers: helper 'six' stays a call: the call's signature differs from the definition's [signature]
; UNKNOWN-DAG: warning: inline-helpers: helper 'seven' stays a call: the call's signature differs from the definition's [signature]

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @seven(i64, i64, i64, i64, i64, { i64, i64 })
declare void @six(i64, i64, i64, i64, { i64, i64 })
declare i32 @personality()

define void @caller({ i64, i64 } %s) {
  call void @seven(i64 0, i64 0, i64 0, i64 0, i64 0, { i64, i64 } %s)
  call void @six(i64 0, i64 0, i64 0, i64 0, { i64, i64 } %s)
  ret void
}

define void @unwinding({ i64, i64 } %s) personality ptr @personality {
  invoke void @six(i64 0, i64 0, i64 0, i64 0, { i64, i64 } %s)
      to label %end unwind label %pad

end:
  ret void

pad:
  %l = landingpad { ptr, i32 } cleanup
  ret void
}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define void @seven(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f, i64 %g) {
  ret void
}

define void @six(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f) {
  ret void
}
