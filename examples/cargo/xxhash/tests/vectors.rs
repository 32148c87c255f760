// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! The hashes are those of published vectors, and of the library's own functions.

use std::ffi::c_void;
use xxhash::{xxh32, xxh3_64, xxh3_64_with_seed, xxh64};

#[link(name = "xxhash")]
extern "C" {
    fn XXH3_64bits(data: *const c_void, length: usize) -> u64;
    fn XXH3_64bits_withSeed(data: *const c_void, length: usize, seed: u64) -> u64;
    fn XXH64(data: *const c_void, length: usize, seed: u64) -> u64;
    fn XXH32(data: *const c_void, length: usize, seed: u32) -> u32;
}

#[test]
fn vectors() {
    assert_eq!(xxh3_64(b""), 0x2d06_8005_38d3_94c2);
    assert_eq!(xxh3_64(b"abc"), 0x78af_5f94_892f_3950);
    assert_eq!(xxh64(b"", 0), 0xef46_db37_51d8_e999);
    assert_eq!(xxh64(b"abc", 0), 0x44bc_2cf5_ad77_0999);
    assert_eq!(xxh32(b"", 0), 0x02cc_5d05);
    assert_eq!(xxh32(b"abc", 0), 0x32d1_53ff);
}

/// XXH3 has a way of its own for up to 16, 128, 240 and more bytes, and for more than a block of 1024.
#[test]
fn every_length() {
    let bytes: Vec<u8> = (0..2500_u32)
        .map(|number| ((number * number) >> 3) as u8)
        .collect();
    for length in 0..bytes.len() {
        let (data, seed) = (&bytes[..length], 0x9e37_79b9_7f4a_7c15 ^ length as u64);
        let pointer = data.as_ptr().cast();
        // SAFETY: `pointer` is to `length` bytes.
        unsafe {
            assert_eq!(xxh3_64(data), XXH3_64bits(pointer, length), "{length}");
            let expected = XXH3_64bits_withSeed(pointer, length, seed);
            assert_eq!(xxh3_64_with_seed(data, seed), expected, "{length}");
            assert_eq!(xxh64(data, seed), XXH64(pointer, length, seed), "{length}");
            let seed = seed as u32;
            assert_eq!(xxh32(data, seed), XXH32(pointer, length, seed), "{length}");
        }
    }
}
