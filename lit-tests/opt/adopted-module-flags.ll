; What the C of a kernel on x86 agrees on, the alignment of the stack and calls of
; variadic functions without vector registers, holds for a crate that imports of
; it; not for another program, and not for a crate that says something else itself.
; The flag that LLVM searches most stays the first to be found.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: sed 's/BYTES/8/' %t/library.ll | llvm-as -o %t/library.bc
; RUN: sed 's/FLAG/i32 1, !"wchar_size", i32 4/' %t/crate.ll > %t/kernel.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/kernel.ll -S | FileCheck %s
; CHECK-LABEL: define i32 @caller(
; CHECK-NOT:   @helper
; CHECK:       !llvm.module.flags = !{[[INTERPOSITION:![0-9]+]], ![[#]], ![[#]], [[STACK:![0-9]+]], [[RAX:![0-9]+]]}
; CHECK:       [[INTERPOSITION]] = !{i32 1, !"SemanticInterposition", i32 0}
; CHECK:       [[STACK]] = !{i32 1, !"override-stack-alignment", i32 8}
; CHECK:       [[RAX]] = !{i32 4, !"SkipRaxSetup", i32 1}
;
; The same from an archive.
; RUN: inline-helpers compile -o %t/sealed.bc %t/library.bc
; RUN: inline-helpers pack -o %t/library.a %t/sealed.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.a;leftover=error>' \
; RUN:   %t/kernel.ll -S | FileCheck %s
;
; A crate that imports nothing is compiled as without the plugin.
; RUN: sed 's/@helper/@other/' %t/kernel.ll > %t/unrelated.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/unrelated.ll -S | FileCheck --check-prefix=NOTHING %s
; RUN: sed 's/declare i32 @helper/declare i64 @helper/; s/call i32/call i64/; s/ret i32 %r/ret i32 0/' \
; RUN:   %t/kernel.ll > %t/left.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/left.ll -S | FileCheck --check-prefix=NOTHING %s
;
; Another code model: not a kernel.
; RUN: sed 's/"Code Model", i32 2/"Code Model", i32 1/' %t/kernel.ll > %t/program.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/program.ll -S | FileCheck --check-prefix=NOTHING %s
; RUN: sed 's/BYTES/8/; s/"Code Model", i32 2/"Code Model", i32 1/' %t/library.ll \
; RUN:   | llvm-as -o %t/of-program.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/of-program.bc;leftover=error>' \
; RUN:   %t/kernel.ll -S | FileCheck --check-prefix=NOTHING %s
; NOTHING-NOT: !{{.*}}, !"override-stack-alignment"
; NOTHING-NOT: !{{.*}}, !"SkipRaxSetup"
; NOTHING-NOT: !{{.*}}, !"SemanticInterposition"
;
; A crate that has its own keeps it.
; RUN: sed 's/FLAG/i32 1, !"override-stack-alignment", i32 16/' %t/crate.ll > %t/own.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/own.ll -S | FileCheck --check-prefix=OWN --implicit-check-not=override-stack %s
; OWN: !{i32 1, !"override-stack-alignment", i32 16}
;
; RUN: sed 's/FLAG/i32 1, !"SemanticInterposition", i32 1/' %t/crate.ll > %t/interposed.ll
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=error>' \
; RUN:   %t/interposed.ll -S | FileCheck --check-prefix=INTERPOSED %s
; INTERPOSED-COUNT-1: !"SemanticInterposition", i32 1}
; INTERPOSED-NOT: SemanticInterposition
;
; More than the ABI's, which the rest of Rust keeps, or no alignment at all.
; RUN: sed 's/BYTES/32/' %t/library.ll | llvm-as -o %t/more.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/more.bc;leftover=error>' \
; RUN:   %t/kernel.ll -S | FileCheck --check-prefix=REST --implicit-check-not=override-stack %s
; RUN: sed 's/BYTES/12/' %t/library.ll | llvm-as -o %t/odd.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/odd.bc;leftover=error>' \
; RUN:   %t/kernel.ll -S | FileCheck --check-prefix=REST --implicit-check-not=override-stack %s
; REST: SkipRaxSetup

;--- crate.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-none"

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

!llvm.module.flags = !{!0, !1}
!0 = !{i32 1, !"Code Model", i32 2}
!1 = !{FLAG}

;--- library.ll
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}

!llvm.module.flags = !{!0, !1, !2}
!0 = !{i32 1, !"Code Model", i32 2}
!1 = !{i32 1, !"override-stack-alignment", i32 BYTES}
!2 = !{i32 4, !"SkipRaxSetup", i32 1}
