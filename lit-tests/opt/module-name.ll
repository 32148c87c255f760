; modname= takes the place of the placeholder in the strings of a helper, also in
; one that two helpers share; a constant has the size of its text.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error;modname=rnull_mod>' \
; RUN:   %t/crate.ll -S | FileCheck %s --implicit-check-not=placeholder
;
; Where no parameter gives it, it is that of kbuild's RUST_MODFILE.
; RUN: env RUST_MODFILE=drivers/block/rnull-mod opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=error>' | FileCheck %s --implicit-check-not=placeholder
; RUN: env RUST_MODFILE=drivers/block/other opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -passes='import-helpers<library=%t/library.bc;leftover=error;modname=rnull_mod>' | FileCheck %s --implicit-check-not=placeholder

; CHECK-DAG:   @[[TEXT:[^ ]+]] = internal unnamed_addr constant [14 x i8] c"\016rnull_mod: \00", align 1
; CHECK-DAG:   @[[TWICE:[^ ]+]] = internal constant [20 x i8] c"rnull_mod/rnull_mod\00", align 16
; CHECK-DAG:   @[[PLAIN:[^ ]+]] = internal unnamed_addr constant [3 x i8] c"no\00"
; CHECK-LABEL: define void @caller(
; CHECK:         call void @print(ptr @[[TEXT]])
; CHECK:         call void @print(ptr @[[TEXT]])
; CHECK:         getelementptr i8, ptr @[[TWICE]], i64 %x
; CHECK:         call void @print(ptr @[[PLAIN]])

;--- crate.ll
declare void @prints()
declare void @prints_too(i64)

define void @caller(i64 %x) {
  call void @prints()
  call void @prints_too(i64 %x)
  ret void
}

;--- library.ll
@.str = private unnamed_addr constant [60 x i8] c"\016placeholder_by_inline_helpers_for_the_name_of_a_module_: \00", align 1
@twice = internal constant [112 x i8] c"placeholder_by_inline_helpers_for_the_name_of_a_module_/placeholder_by_inline_helpers_for_the_name_of_a_module_\00", align 16
@plain = private unnamed_addr constant [3 x i8] c"no\00"

define void @prints() {
  call void @print(ptr @.str)
  ret void
}

define void @prints_too(i64 %x) {
  call void @print(ptr @.str)
  %at = getelementptr i8, ptr @twice, i64 %x
  %character = load i8, ptr %at
  %is = icmp eq i8 %character, 0
  br i1 %is, label %yes, label %no

yes:
  call void @print(ptr @plain)
  br label %no

no:
  ret void
}

declare void @print(ptr)
