// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Hashes keys of 8 bytes with xxhash.h, in three ways.
//! usage: xxhash ITERATIONS

#[allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/xxhash.rs"));
}
use bindings::{XXH_INLINE_XXH3_64bits as XXH3_64bits, XXH_INLINE_XXH32 as XXH32, XXH_INLINE_XXH64 as XXH64};

#[inline(never)]
pub fn run(count: u64) -> u64 {
    let mut sum: u64 = 0;
    for number in 0..count {
        let key = (&raw const number).cast();
        // SAFETY: `key` points to the 8 bytes of `number`.
        let hashes = unsafe { [XXH3_64bits(key, 8), XXH64(key, 8, 0), XXH32(key, 8, 0).into()] };
        for hash in hashes {
            sum = sum.rotate_left(1) ^ hash;
        }
    }
    sum
}

#[allow(dead_code)] // it is a part of ../large, too
fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: xxhash ITERATIONS");
    println!("{:016x}", run(iterations));
}
