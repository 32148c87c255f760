// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Shapes of a C++ header: `shapes.hpp`.

#![deny(missing_docs)]

use std::mem::MaybeUninit;

#[allow(
    dead_code,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals
)]
#[allow(clippy::all)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}
use bindings::root::{self, shapes};

/// How many sides a box has: a `constexpr`.
pub const SIDES: i32 = shapes::sides;

/// A rectangle.
pub struct Box(shapes::Box);

impl Box {
    /// Calls the constructor, by a function of `helpers.cpp`.
    #[inline]
    pub fn new(width: i32, height: i32) -> Box {
        let mut made = MaybeUninit::uninit();
        // SAFETY: the constructor initialises all of it.
        unsafe {
            root::helper_box_new(made.as_mut_ptr(), width, height);
            Box(made.assume_init())
        }
    }

    /// Calls the method, which bindgen has declared.
    #[inline]
    pub fn area(&self) -> i32 {
        // SAFETY: the box is initialised.
        unsafe { self.0.area() }
    }

    /// Makes the box larger.
    #[inline]
    pub fn grow(&mut self, by: i32) {
        // SAFETY: the box is initialised.
        unsafe { self.0.grow(by) }
    }

    /// Calls a function that takes references; for Rust they are pointers.
    #[inline]
    pub fn fits_into(&self, outer: &Box) -> bool {
        // SAFETY: both are initialised.
        unsafe { shapes::fits(&self.0, &outer.0) }
    }
}

/// Up to eight numbers: an instance of a template.
pub struct Numbers(root::Numbers);

impl Numbers {
    /// Makes a stack without numbers.
    #[allow(clippy::new_without_default)]
    #[inline]
    pub fn new() -> Numbers {
        let mut made = MaybeUninit::zeroed();
        // SAFETY: the constructor initialises what matters, and 0 is a number.
        unsafe {
            root::helper_numbers_new(made.as_mut_ptr());
            Numbers(made.assume_init())
        }
    }

    /// Adds a number, if there is room.
    #[inline]
    pub fn push(&mut self, number: i32) -> bool {
        // SAFETY: the stack is initialised.
        unsafe { root::helper_numbers_push(&mut self.0, number) }
    }

    /// How many there are.
    #[inline]
    pub fn size(&self) -> i32 {
        // SAFETY: the stack is initialised.
        unsafe { root::helper_numbers_size(&self.0) }
    }
}
