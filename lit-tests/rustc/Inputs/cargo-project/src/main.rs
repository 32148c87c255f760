// Calls helpers that build.rs compiles, and a procedural macro.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extern "C" {
    fn helper_value() -> i32;
}

fn main() {
    println!("value {}, macro {}", unsafe { helper_value() }, numbers::forty_two!());
}
