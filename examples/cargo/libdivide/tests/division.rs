// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Quotients are those of Rust's own division.

use libdivide::Divider;

macro_rules! compares {
    ($($test:ident $integer:ident)*) => {$(
        #[test]
        fn $test() {
            let bits = $integer::BITS;
            let powers = (0..bits).map(|bit| (1 as $integer).wrapping_shl(bit));
            let near = powers.flat_map(|power| {
                [power.wrapping_sub(1), power, power.wrapping_add(1), power.wrapping_neg()]
            });
            let mut numbers: Vec<$integer> = near.collect();
            numbers.extend([3, 5, 6, 7, 10, 11, 25, 100, 125, 641, 1000]);
            numbers.extend([$integer::MIN, $integer::MAX, $integer::MAX / 3]);
            for &divisor in numbers.iter().filter(|&&number| number != 0) {
                let divider = Divider::new(divisor);
                for &number in &numbers {
                    let expected = number.wrapping_div(divisor);
                    assert_eq!(number / &divider, expected, "{number} / {divisor}");
                }
            }
        }
    )*};
}

compares! {
    unsigned_32 u32
    signed_32 i32
    unsigned_64 u64
    signed_64 i64
}

#[test]
#[should_panic(expected = "division by zero")]
fn zero() {
    Divider::new(0_u64);
}
