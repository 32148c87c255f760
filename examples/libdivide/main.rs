// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Divides numbers by a divisor of run time with libdivide.h.
//! usage: libdivide ITERATIONS

/// `struct libdivide_u64_t`, what libdivide knows of a divisor.
/// `packed`, as libdivide.h has it.
#[repr(C, packed)]
pub struct Divider {
    magic: u64,
    more: u8,
}

extern "C" {
    fn helper_libdivide_u64_gen(divisor: u64) -> Divider;
    fn helper_libdivide_u64_do(numerator: u64, divider: *const Divider) -> u64;
}

fn divider(divisor: u64) -> Divider {
    assert_ne!(divisor, 0);
    // SAFETY: the divisor is not 0.
    unsafe { helper_libdivide_u64_gen(divisor) }
}

fn divide(numerator: u64, divider: &Divider) -> u64 {
    // SAFETY: `divider` comes from `helper_libdivide_u64_gen`.
    unsafe { helper_libdivide_u64_do(numerator, divider) }
}

/// Folds the quotients of the numbers 0..count.
#[no_mangle]
#[inline(never)]
pub fn divide_all(count: u64, divider: &Divider) -> u64 {
    let mut sum: u64 = 0;
    for number in 0..count {
        sum = sum.rotate_left(1) ^ divide(number, divider);
    }
    sum
}

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: libdivide ITERATIONS");
    println!("{}", divide_all(iterations, &divider(7)));
}
