// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// References taken in a loop, by the helper of the kernel.
#![no_std]
#![allow(warnings)]

unsafe extern "C" {
    #[link_name = "rust_helper_refcount_inc"]
    fn refcount_inc(count: *mut bindings::refcount_t);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn take_references(count: *mut bindings::refcount_t, times: ffi::c_ulong) {
    for _ in 0..times {
        unsafe { refcount_inc(count) };
    }
}
