// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! What C++ computes is what it should be.

use cxx_header::{Box, Numbers, SIDES};
use std::hint::black_box;

#[test]
fn boxes() {
    let mut small = Box::new(black_box(2), 3);
    let large = Box::new(4, black_box(5));
    assert_eq!((small.area(), large.area(), SIDES), (6, 20, 4));
    assert!(small.fits_into(&large) && !large.fits_into(&small));
    small.grow(black_box(3));
    assert_eq!(small.area(), 30);
    assert!(!small.fits_into(&large));
}

#[test]
fn numbers() {
    let mut numbers = Numbers::new();
    for number in 0..8 {
        assert!(numbers.push(black_box(number)));
    }
    assert!(!numbers.push(8));
    assert_eq!(numbers.size(), 8);
}
