// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Hashes keys of 8 bytes with XXH3.
//! usage: hash ITERATIONS

use xxhash::xxh3_64;

#[inline(never)]
fn hash_keys(count: u64) -> u64 {
    let mut sum: u64 = 0;
    for key in 0..count {
        sum = sum.rotate_left(1) ^ xxh3_64(&key.to_ne_bytes());
    }
    sum
}

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    println!("{:016x}", hash_keys(iterations.unwrap_or(1_000_000)));
}
