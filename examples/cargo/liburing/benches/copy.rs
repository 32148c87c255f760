// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Copies blocks of 512 bytes from /dev/zero to /dev/null: what is left is what asking for it costs.
//! usage: copy ITERATIONS

use liburing::Copier;
use std::fs::File;

const BLOCK: usize = 512;

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let length = BLOCK as u64 * iterations.unwrap_or(1_000_000);
    let from = File::open("/dev/zero").unwrap();
    let to = File::options().write(true).open("/dev/null").unwrap();
    let mut copier = Copier::new(BLOCK).expect("a kernel with io_uring");
    let copied = copier.copy(&from, &to, length).unwrap();
    println!("{}", copied / BLOCK as u64);
}
