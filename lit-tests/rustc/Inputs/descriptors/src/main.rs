// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Asks again and again which descriptors are in an `fd_set`.
//! usage: descriptors ITERATIONS

use std::ffi::{c_int, c_ulong};
use std::mem::MaybeUninit;

const FD_SETSIZE: usize = 1024;

#[repr(C)]
pub struct FdSet([c_ulong; FD_SETSIZE / c_ulong::BITS as usize]);

extern "C" {
    fn helper_FD_ZERO(set: *mut FdSet);
    fn helper_FD_SET(descriptor: c_int, set: *mut FdSet);
    fn helper_FD_ISSET(descriptor: c_int, set: *const FdSet) -> bool;
}

impl FdSet {
    fn new() -> FdSet {
        let mut set = MaybeUninit::uninit();
        // SAFETY: FD_ZERO initialises all of the set.
        unsafe {
            helper_FD_ZERO(set.as_mut_ptr());
            set.assume_init()
        }
    }

    fn insert(&mut self, descriptor: usize) {
        assert!(descriptor < FD_SETSIZE);
        // SAFETY: the set has this descriptor.
        unsafe { helper_FD_SET(descriptor as c_int, self) }
    }

    fn contains(&self, descriptor: usize) -> bool {
        assert!(descriptor < FD_SETSIZE);
        // SAFETY: the set has this descriptor.
        unsafe { helper_FD_ISSET(descriptor as c_int, self) }
    }
}

#[no_mangle]
#[inline(never)]
pub fn count_members(count: u64, set: &FdSet) -> u64 {
    let mut members = 0;
    for number in 0..count {
        members += u64::from(set.contains(number as usize % FD_SETSIZE));
    }
    members
}

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: descriptors ITERATIONS");
    let mut set = FdSet::new();
    for descriptor in (0..FD_SETSIZE).step_by(3) {
        set.insert(descriptor);
    }
    println!("{}", count_members(iterations, &set));
}
