// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Division by a number that is not known before the program runs, and divides often: `libdivide.h` turns it into a
//! multiplication. As a call, that costs as much as it saves.

#![deny(missing_docs)]

use std::fmt;
use std::ops::Div;

#[allow(dead_code, non_camel_case_types)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

/// An integer that libdivide divides.
pub trait Divisor: Copy + private::Parts {}

/// What to multiply with, and by how many bits to shift.
#[derive(Clone, Copy)]
pub struct Divider<T: Divisor>(T::Parts);

impl<T: Divisor> Divider<T> {
    /// Prepares for divisions by `divisor`.
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[inline]
    pub fn new(divisor: T) -> Divider<T> {
        Divider(divisor.parts())
    }
}

impl<T: Divisor> fmt::Debug for Divider<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Divider").finish_non_exhaustive()
    }
}

mod private {
    pub trait Parts {
        type Parts: Copy;
        fn parts(self) -> Self::Parts;
    }
}

macro_rules! divisors {
    ($($integer:ident $parts:ident $generate:ident $divide:ident)*) => {$(
        impl Divisor for $integer {}

        impl private::Parts for $integer {
            type Parts = bindings::$parts;
            #[inline]
            fn parts(self) -> Self::Parts {
                assert_ne!(self, 0, "division by zero");
                // SAFETY: libdivide takes every divisor but 0.
                unsafe { bindings::$generate(self) }
            }
        }

        impl Div<&Divider<$integer>> for $integer {
            type Output = $integer;
            /// What `wrapping_div` returns.
            #[inline]
            fn div(self, divider: &Divider<$integer>) -> $integer {
                // SAFETY: the parts are libdivide's.
                unsafe { bindings::$divide(self, &divider.0) }
            }
        }
    )*};
}

divisors! {
    u32 libdivide_u32_t libdivide_u32_gen libdivide_u32_do
    i32 libdivide_s32_t libdivide_s32_gen libdivide_s32_do
    u64 libdivide_u64_t libdivide_u64_gen libdivide_u64_do
    i64 libdivide_s64_t libdivide_s64_gen libdivide_s64_do
}
