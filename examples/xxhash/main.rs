// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Hashes keys of 8 bytes with XXH3 of xxhash.h.
//! usage: xxhash ITERATIONS

use std::ffi::c_void;

extern "C" {
    fn helper_XXH3_64bits(data: *const c_void, length: usize) -> u64;
}

fn hash(key: u64) -> u64 {
    let data: *const u64 = &key;
    // SAFETY: `data` points to the 8 bytes of `key`.
    unsafe { helper_XXH3_64bits(data.cast(), 8) }
}

#[no_mangle]
#[inline(never)]
pub fn hash_keys(count: u64) -> u64 {
    let mut sum: u64 = 0;
    for key in 0..count {
        sum = sum.rotate_left(1) ^ hash(key);
    }
    sum
}

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: xxhash ITERATIONS");
    println!("{:016x}", hash_keys(iterations));
}
