; A sealed library that is cut, longer, or has a byte changed in its header, its
; tag or its bitcode is an error before LLVM reads it.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: inline-helpers compile -o %t/sealed.bc %t/library.bc
;
; RUN: head -c 1000 %t/sealed.bc > %t/cut.bc
; RUN: cp %t/sealed.bc %t/longer.bc && echo >> %t/longer.bc
; RUN: cp %t/sealed.bc %t/header.bc
; RUN: printf X | dd of=%t/header.bc bs=1 seek=5 conv=notrunc
; RUN: cp %t/sealed.bc %t/tag.bc
; RUN: printf X | dd of=%t/tag.bc bs=1 seek=22 conv=notrunc
; RUN: cp %t/sealed.bc %t/bitcode.bc
; RUN: printf X | dd of=%t/bitcode.bc bs=1 seek=1000 conv=notrunc
;
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/cut.bc>' | FileCheck %s
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/longer.bc>' | FileCheck %s
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/header.bc>' | FileCheck %s
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/tag.bc>' | FileCheck %s
; RUN: not opt -load-pass-plugin=%plugin -disable-output %t/crate.ll 2>&1 \
; RUN:   -passes='import-helpers<library=%t/bitcode.bc>' | FileCheck %s

; CHECK:     error: inline-helpers: library '{{.*}}.bc' is damaged: it is not what 'inline-helpers compile' wrote; help: make the library with 'inline-helpers compile'{{$}}
; CHECK-NOT: {{.}}

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
