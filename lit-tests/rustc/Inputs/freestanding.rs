// A program without the standard library, so that LTO is quick, that calls helpers and exits with 0 if they are right.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#![no_std]
#![no_main]

use core::hint::black_box;

extern "C" {
    fn helper_add(a: i32, b: i32) -> i32;
    fn helper_square_plus(a: i32, b: i32) -> i32;
    fn helper_table_sum(n: u32) -> u32;
}

mod other_unit {
    #[inline(never)]
    pub fn add(a: i32, b: i32) -> i32 {
        unsafe { super::helper_add(a, b) }
    }
}

#[no_mangle]
pub extern "C" fn main() -> i32 {
    let right = unsafe {
        other_unit::add(black_box(40), 2) == 42
            && helper_add(black_box(40), 2) == 42
            && helper_square_plus(black_box(-6), 6) == 42
            && helper_table_sum(black_box(10)) == 22
    };
    !right as i32
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

// Landing pads of core name it, where optimisation does not remove them.
#[no_mangle]
pub extern "C" fn rust_eh_personality() {}
