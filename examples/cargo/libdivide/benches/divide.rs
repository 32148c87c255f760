// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Divides numbers by one of run time.
//! usage: divide ITERATIONS

use libdivide::Divider;
use std::hint::black_box;

#[inline(never)]
fn divide_all(count: u64, divider: &Divider<u64>) -> u64 {
    let mut sum: u64 = 0;
    for number in 0..count {
        sum = sum.rotate_left(1) ^ (number / divider);
    }
    sum
}

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let divider = Divider::new(black_box(7));
    println!(
        "{:016x}",
        divide_all(iterations.unwrap_or(1_000_000), &divider)
    );
}
