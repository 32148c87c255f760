; A declaration with LLVM's mark for a name that is not mangled is of the symbol without it: its helper is inlined. Where that name is taken, it stays as it is.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck --implicit-check-not=warning: --implicit-check-not=_ZN3one5valueEv %s
; RUN: sed -i s/m:e/m:o/ %t/crate.ll %t/library.ll
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck --check-prefix=PREFIXED %s

; CHECK-LABEL: define i32 @caller(
; CHECK-NEXT:  %other = call i32 @"\01taken"()
; CHECK-NEXT:  %plain = add i32 1, %other
; CHECK-NEXT:  %sum = add i32 %plain, 2
; CHECK-NEXT:  ret i32 %sum
;
; Where symbols have a prefix, the two are different ones.
; PREFIXED: call i32 @"\01_ZN3one5valueEv"()

;--- crate.ll
target datalayout = "m:e"

declare i32 @"\01_ZN3one5valueEv"()
declare i32 @"\01taken"()
declare i32 @taken()

define i32 @caller() {
  %one = call i32 @"\01_ZN3one5valueEv"()
  %other = call i32 @"\01taken"()
  %plain = add i32 %one, %other
  %two = call i32 @taken()
  %sum = add i32 %plain, %two
  ret i32 %sum
}

;--- library.ll
target datalayout = "m:e"

define i32 @_ZN3one5valueEv() {
  ret i32 1
}

define i32 @taken() {
  ret i32 2
}
