// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Hashes of `xxhash.h`, which has its functions `static inline` so that a hash of a short key costs no call, and one of a
//! key of known length no decision.

#![deny(missing_docs)]

#[allow(non_camel_case_types, non_snake_case)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

/// Returns the 64-bit XXH3 hash.
#[inline]
pub fn xxh3_64(data: &[u8]) -> u64 {
    // SAFETY: a slice has as many bytes as it says.
    unsafe { bindings::XXH_INLINE_XXH3_64bits(data.as_ptr().cast(), data.len()) }
}

/// Returns the 64-bit XXH3 hash with a seed.
#[inline]
pub fn xxh3_64_with_seed(data: &[u8], seed: u64) -> u64 {
    // SAFETY: a slice has as many bytes as it says.
    unsafe { bindings::XXH_INLINE_XXH3_64bits_withSeed(data.as_ptr().cast(), data.len(), seed) }
}

/// Returns the XXH64 hash.
#[inline]
pub fn xxh64(data: &[u8], seed: u64) -> u64 {
    // SAFETY: a slice has as many bytes as it says.
    unsafe { bindings::XXH_INLINE_XXH64(data.as_ptr().cast(), data.len(), seed) }
}

/// Returns the XXH32 hash.
#[inline]
pub fn xxh32(data: &[u8], seed: u32) -> u32 {
    // SAFETY: a slice has as many bytes as it says.
    unsafe { bindings::XXH_INLINE_XXH32(data.as_ptr().cast(), data.len(), seed) }
}
