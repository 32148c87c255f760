; A helper that reaches a variable with an attribute that binds all code that
; uses it stays a call, whether the variable would be copied or is another file's.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK-DAG: warning: inline-helpers: helper 'helper_tagged' stays a call: it has an attribute that is not known to be safe to inline (sanitize_memtag) [attribute]
; CHECK-DAG: warning: inline-helpers: helper 'helper_extern' stays a call: it has an attribute that is not known to be safe to inline (sanitize_memtag) [attribute]
; CHECK-DAG: warning: inline-helpers: helper 'helper_constructed' stays a call: it has an attribute that is not known to be safe to inline (sanitize_address_dyninit) [attribute]
; CHECK-DAG: warning: inline-helpers: helper 'helper_unknown' stays a call: it has an attribute that is not known to be safe to inline (made-in-the-future) [attribute]
; CHECK-NOT: {{^@}}
; CHECK:     call {{.*}}@helper_tagged(
; CHECK:     call {{.*}}@helper_extern(
; CHECK:     call {{.*}}@helper_constructed(
; CHECK:     call {{.*}}@helper_unknown(

;--- crate.ll
declare i32 @helper_tagged()
declare i32 @helper_extern()
declare i32 @helper_constructed()
declare i32 @helper_unknown()

define void @caller() {
  %a = call i32 @helper_tagged()
  %b = call i32 @helper_extern()
  %c = call i32 @helper_constructed()
  %d = call i32 @helper_unknown()
  ret void
}

;--- library.ll
@tagged = internal constant i32 7, sanitize_memtag
@extern = external global i32, sanitize_memtag
@constructed = internal constant i32 7, sanitize_address_dyninit
@unknown = internal constant i32 7 #0

define i32 @helper_tagged() {
  %n = load i32, ptr @tagged
  ret i32 %n
}

define i32 @helper_extern() {
  %n = load i32, ptr @extern
  ret i32 %n
}

define i32 @helper_constructed() {
  %n = load i32, ptr @constructed
  ret i32 %n
}

define i32 @helper_unknown() {
  %n = load i32, ptr @unknown
  ret i32 %n
}

attributes #0 = { "made-in-the-future" }
