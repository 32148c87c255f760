; report=DIR writes one file a module, to a folder that is made if need be; a
; module compiled again replaces its file.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;report=%t/the%20new/folder>' -disable-output %t/crate.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;report=%t/the%20new/folder>' -disable-output %t/crate.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;report=%t/the%20new/folder>' -disable-output %t/other.ll
; RUN: ls "%t/the new/folder" | FileCheck --check-prefix=FILES %s
; RUN: inline-helpers report "%t/the new/folder" | FileCheck %s

; FILES:          crate.ll-{{[0-9a-f]+}}.json
; FILES-NEXT:     other.ll-{{[0-9a-f]+}}.json
; FILES-NOT:      {{.+}}

; CHECK:      {{^}}helper {{.*}}crate.ll {{ *}}imported {{ *}}2 {{ *}}0
; CHECK-NEXT: {{^}}stays  {{.*}}crate.ll {{ *}}left {{ *}}0 {{ *}}1 {{.*}} noinline
; CHECK:      2 helpers in 2 crates

;--- crate.ll
declare i32 @helper(i32)
declare i32 @stays(i32)

define i32 @caller(i32 %x) {
  %a = call i32 @helper(i32 %x)
  %b = call i32 @helper(i32 %a)
  %c = call i32 @stays(i32 %b)
  ret i32 %c
}

;--- other.ll
define i32 @caller(i32 %x) {
  ret i32 %x
}

;--- library.ll
define i32 @helper(i32 %x) {
  ret i32 %x
}
define i32 @stays(i32 %x) noinline {
  ret i32 %x
}
