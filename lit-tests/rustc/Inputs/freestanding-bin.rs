// A program that calls freestanding-lib.rs and exits with 0 if it is right.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#![no_std]
#![no_main]

#[no_mangle]
pub extern "C" fn main() -> i32 {
    (freestanding_lib::square_plus(core::hint::black_box(6), 6) != 42) as i32
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

// Landing pads of core name it, where optimisation does not remove them.
#[no_mangle]
pub extern "C" fn rust_eh_personality() {}
