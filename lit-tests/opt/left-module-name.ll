; A helper that uses the module's name stays a call where the name is not known,
; or where the name is not plainly the text of a string.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --check-prefixes=UNKNOWN,BOTH --implicit-check-not=placeholder
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn;modname=rnull>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --check-prefixes=KNOWN,BOTH --implicit-check-not=placeholder
; RUN: env RUST_MODFILE=drivers/a:b opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s --check-prefixes=UNKNOWN,BOTH --implicit-check-not=placeholder

; UNKNOWN:     warning: inline-helpers: helper 'prints' stays a call: it depends on the name of the kernel module that it is compiled for (the name is not known) [module-name]
; KNOWN-NOT:   'prints'
; BOTH:        warning: inline-helpers: helper 'behind' stays a call: it depends on {{.*}} (not as text alone) [module-name]
; BOTH:        warning: inline-helpers: helper 'padded' stays a call: it depends on {{.*}} (not as text alone) [module-name]
; BOTH:        warning: inline-helpers: helper 'marked' stays a call: it depends on {{.*}} (not as text alone) [module-name]
; KNOWN:       c"rnull: \00"
; UNKNOWN:     call {{.*}}@prints(
; KNOWN-NOT:   call {{.*}}@prints(
; BOTH:        call {{.*}}@behind(
; BOTH:        call {{.*}}@padded(
; BOTH:        call {{.*}}@marked(

;--- crate.ll
declare void @prints()
declare void @behind()
declare i8 @padded()
declare i32 @marked()

define void @caller() {
  call void @prints()
  call void @behind()
  call i8 @padded()
  call i32 @marked()
  ret void
}

;--- library.ll
@.str = private unnamed_addr constant [58 x i8] c"placeholder_by_inline_helpers_for_the_name_of_a_module_: \00", align 1
@pads = internal constant [60 x i8] c"placeholder_by_inline_helpers_for_the_name_of_a_module_\00\00\00\00\00", align 16

define void @prints() {
  call void @print(ptr @.str)
  ret void
}

define void @behind() {
  call void @print(ptr getelementptr inbounds (i8, ptr @.str, i64 57))
  ret void
}

define i8 @padded() {
  %first = load i8, ptr @pads
  ret i8 %first
}

define i32 @marked() {
  %r = call i32 @size()
  ret i32 %r
}

define internal i32 @size() "inline-helpers-module-name" {
  ret i32 56
}

declare void @print(ptr)
