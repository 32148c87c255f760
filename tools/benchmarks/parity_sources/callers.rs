// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For each function that has a helper, a Rust function that calls the helper and nothing else. What follows is the
// module `types`, and `callers!` around the declarations that bindgen made.
#![no_std]
#![allow(warnings)]

macro_rules! callers {
    ($($(unsafe)? extern "C" { $(
        $(#[must_use])? $(#[link_name = $link:literal])?
        pub fn $name:ident($($argument:ident: $type:ty),* $(, ...)? $(,)?) $(-> $result:ty)?;
    )* })*) => {
        $($(caller! { $($link)? $name($($argument: $type),*) $(-> $result)? })*)*
    };
}

macro_rules! caller {
    ($link:literal $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?) => {
        mod $name {
            use super::types::*;
            unsafe extern "C" {
                #[link_name = $link]
                fn $name($($argument: $type),*) $(-> $result)?;
            }
            #[unsafe(export_name = concat!("call_", $link))]
            pub unsafe extern "C" fn caller($($argument: $type),*) $(-> $result)? {
                unsafe { $name($($argument),*) }
            }
        }
    };
    // A function that is no helper.
    ($name:ident $($rest:tt)*) => {};
}
