// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Reads past the end of an allocation through two helpers, of which KASAN checks one.

use core::hint::black_box;
use kernel::prelude::*;

module! {
    type: KasanCheck,
    name: "kasan_check",
    author: "inline-helpers",
    description: "Reads past the end of an allocation",
    license: "GPL",
}

extern "C" {
    fn rust_helper_kasan_checked(byte: *const u8) -> u8;
    fn rust_helper_kasan_unchecked(byte: *const u8) -> u8;
}

// Functions of their own, which KASAN's report can name.
#[inline(never)]
fn checked_read(byte: *const u8) -> u8 {
    // SAFETY: none: KASAN has to say so.
    unsafe { rust_helper_kasan_checked(byte) }
}

#[inline(never)]
fn unchecked_read(byte: *const u8) -> u8 {
    // SAFETY: it stays within the slab's object, and nothing depends on what it reads.
    unsafe { rust_helper_kasan_unchecked(byte) }
}

struct KasanCheck;

impl kernel::Module for KasanCheck {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        let bytes: KVec<u8> = KVec::with_capacity(24, GFP_KERNEL)?;
        let past_end = black_box(bytes.as_ptr().wrapping_add(24));
        pr_info!("unchecked read\n");
        black_box(unchecked_read(past_end));
        pr_info!("checked read\n");
        black_box(checked_read(past_end));
        pr_info!("end\n");
        Ok(KasanCheck)
    }
}
