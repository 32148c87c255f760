// A plain caller and one with #[target_feature] may call the same helper: it is inlined in both, with the features of each.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: rm -rf %t && mkdir %t
// RUN: %helper-bitcode %S/Inputs/helpers.c -o %t/helpers.bc
// RUN: %rustc %import-helpers -O -Ccodegen-units=1 --crate-type=lib --emit=llvm-ir %s -o %t/out.ll
// RUN: FileCheck %s --implicit-check-not=@helper_ < %t/out.ll
// RUN: %rustc %import-helpers -O -Ctarget-cpu=x86-64-v3 -Ccodegen-units=1 --crate-type=lib --emit=llvm-ir %s -o %t/out-v3.ll
// RUN: FileCheck %s --implicit-check-not=@helper_ < %t/out-v3.ll
// RUN: %rustc %import-helpers -Ctarget-feature=-sse3 --crate-type=lib --emit=llvm-ir %s -o %t/out-less.ll
// RUN: FileCheck %s --implicit-check-not=@helper_ < %t/out-less.ll

// CHECK: @plain(
// CHECK: @with_avx2(

extern "C" {
    fn helper_table_sum(n: u32) -> u32;
}

#[no_mangle]
pub fn plain(n: u32) -> u32 {
    unsafe { helper_table_sum(n) }
}

#[no_mangle]
#[target_feature(enable = "avx2,bmi2")]
pub unsafe fn with_avx2(n: u32) -> u32 {
    helper_table_sum(n)
}
