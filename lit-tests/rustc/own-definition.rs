// A function that the crate defines itself is its own, whatever a library defines under that name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: rm -rf %t && mkdir %t
// RUN: %helper-bitcode %S/Inputs/helpers.c -o %t/helpers.bc
// RUN: %rustc %import-helpers -Ccodegen-units=1 %s -o %t/main
// RUN: %t/main
// RUN: %rustc %import-helpers -Ccodegen-units=1 -O %s -o %t/main-O
// RUN: %t/main-O
//
// The helper of the library that calls it is inlined as it is there.

extern "C" {
    fn helper_square_plus(a: i32, b: i32) -> i32;
}

#[no_mangle]
pub extern "C" fn helper_add(_a: i32, _b: i32) -> i32 {
    7
}

fn main() {
    assert_eq!(helper_add(std::hint::black_box(1), 2), 7);
    let sum = unsafe { helper_square_plus(std::hint::black_box(6), 6) };
    assert!(sum == 42 || sum == 7, "{sum}");
}
