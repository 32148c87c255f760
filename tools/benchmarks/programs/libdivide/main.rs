// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Divides by divisors of run time with libdivide.h: 64 bits unsigned, 32 bits signed, and without a branch.
//! usage: libdivide ITERATIONS

#[allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/libdivide.rs"));
}
use bindings::*;

struct Dividers {
    unsigned: libdivide_u64_t,
    signed: libdivide_s32_t,
    branchfree: libdivide_u32_branchfree_t,
}

impl Dividers {
    fn new(divisor: u32) -> Dividers {
        assert!(divisor > 1 && i32::try_from(divisor).is_ok());
        // SAFETY: libdivide takes every divisor but 0, and without a branch but 0 and 1.
        unsafe {
            Dividers {
                unsigned: libdivide_u64_gen(divisor.into()),
                signed: libdivide_s32_gen(-(divisor as i32)),
                branchfree: libdivide_u32_branchfree_gen(divisor),
            }
        }
    }

    fn divide(&self, number: u64) -> [u64; 3] {
        // SAFETY: the dividers come from libdivide.
        unsafe {
            [
                libdivide_u64_do(number, &self.unsigned),
                libdivide_s32_do(number as i32, &self.signed) as u64,
                libdivide_u32_branchfree_do(number as u32, &self.branchfree).into(),
            ]
        }
    }
}

#[inline(never)]
fn work(count: u64, dividers: &Dividers) -> u64 {
    let mut sum: u64 = 0;
    for number in 0..count {
        for quotient in dividers.divide(number) {
            sum = sum.rotate_left(1) ^ quotient;
        }
    }
    sum
}

pub fn run(iterations: u64) -> u64 {
    work(iterations, &Dividers::new(7))
}

#[allow(dead_code)] // it is a part of ../large, too
fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: libdivide ITERATIONS");
    println!("{:016x}", run(iterations));
}
