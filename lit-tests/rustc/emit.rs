// Whatever rustc is asked to write, IR, bitcode, assembly, an object or a program, the helper is inlined in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: rm -rf %t && mkdir %t
// RUN: %helper-bitcode %S/Inputs/helpers.c -o %t/helpers.bc
// RUN: %rustc %import-helpers -Copt-level=1 --crate-type=lib --emit=llvm-ir %s -o %t/out.ll
// RUN: FileCheck --check-prefix=IR %s < %t/out.ll
// RUN: %rustc %import-helpers -Copt-level=1 --crate-type=lib --emit=llvm-bc %s -o %t/out.bc
// RUN: llvm-dis %t/out.bc -o - | FileCheck --check-prefix=IR %s
// RUN: %rustc %import-helpers -Copt-level=1 --crate-type=lib --emit=asm %s -o %t/out.s
// RUN: FileCheck --check-prefix=NAMES %s < %t/out.s
// RUN: %rustc %import-helpers -Copt-level=1 --crate-type=lib --emit=obj %s -o %t/out.o
// RUN: llvm-nm %t/out.o | FileCheck --check-prefix=NAMES %s
// RUN: %rustc %import-helpers -Copt-level=1 --crate-type=cdylib --emit=link %s -o %t/out.so
// RUN: llvm-nm -D %t/out.so | FileCheck --check-prefix=NAMES %s
//
// All of them at once are the same.
// RUN: %rustc %import-helpers -Copt-level=1 --crate-type=lib --emit=llvm-ir,llvm-bc,asm,obj,link --out-dir %t/all %s
// RUN: FileCheck --check-prefix=IR %s < %t/all/emit.ll
// RUN: FileCheck --check-prefix=NAMES %s < %t/all/emit.s
// RUN: llvm-nm %t/all/emit.o | FileCheck --check-prefix=NAMES %s
// RUN: llvm-nm %t/all/libemit.rlib | FileCheck --check-prefix=NAMES %s

// IR-NOT: helper_add
// IR-LABEL: @caller(
// IR:      add nsw i32
// IR-NOT: helper_add

// NAMES-NOT: helper_add
// NAMES: caller
// NAMES-NOT: helper_add

extern "C" {
    fn helper_add(a: i32, b: i32) -> i32;
}

#[no_mangle]
pub extern "C" fn caller(a: i32, b: i32) -> i32 {
    unsafe { helper_add(a, b) }
}
