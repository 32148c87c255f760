; A library of a development snapshot of LLVM is refused with both versions, and
; the cure is a release of clang.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/release.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S -passes='import-helpers<library=%t/release.bc;leftover=error>' \
; RUN:   | FileCheck %s --check-prefix=RELEASE
; RUN: python3 %S/../rustc/Inputs/produced-by.py LLVM%llvm-major.1 LLVM%llvm-major.0 %t/release.bc > %t/library.bc
; RUN: not opt -load-pass-plugin=%plugin %t/crate.ll -S -passes='import-helpers<library=%t/library.bc>' 2>&1 \
; RUN:   | FileCheck %s -DMAJOR=%llvm-major

; CHECK: error: inline-helpers: library '{{.*}}/library.bc' was produced by LLVM[[MAJOR]].0.{{[0-9]+}}, a development snapshot whose bitcode no other LLVM is known to read, and this compiler has LLVM [[MAJOR]].1.{{[0-9]+}}; help: compile the helpers with a release of clang, version [[MAJOR]] or older

; RELEASE: define i32 @caller(

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
