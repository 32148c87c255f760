// A library without the standard library that calls a helper.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#![no_std]

extern "C" {
    fn helper_square_plus(a: i32, b: i32) -> i32;
}

#[inline(never)]
pub fn square_plus(a: i32, b: i32) -> i32 {
    unsafe { helper_square_plus(a, b) }
}
