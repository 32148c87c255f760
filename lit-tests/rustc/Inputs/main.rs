// A program that calls every helper of helpers.c and checks the results.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

use std::hint::black_box;

extern "C" {
    fn helper_add(a: i32, b: i32) -> i32;
    fn helper_square_plus(a: i32, b: i32) -> i32;
    fn helper_table_sum(n: u32) -> u32;
    fn helper_store(p: *mut i32, x: i32);
}

fn main() {
    unsafe {
        assert_eq!(helper_add(black_box(40), 2), 42);
        assert_eq!(helper_square_plus(black_box(-6), 6), 42);
        assert_eq!(helper_table_sum(black_box(10)), 22);
        let mut x = 0;
        helper_store(&mut x, black_box(42));
        assert_eq!(x, 42);
    }
    println!("right");
}
