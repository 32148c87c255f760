// What the language itself needs, for targets whose core is not installed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#[cfg(llvm22)]
#[lang = "pointee_sized"]
pub trait PointeeSized {}
#[cfg(llvm22)]
#[lang = "meta_sized"]
pub trait MetaSized: PointeeSized {}
#[cfg(llvm22)]
#[lang = "sized"]
pub trait Sized: MetaSized {}
#[cfg(not(llvm22))]
#[lang = "sized"]
pub trait Sized {}
#[lang = "copy"]
pub trait Copy {}
impl Copy for i32 {}
impl Copy for *mut i32 {}
