// A helper whose address is taken is inlined where it is called; a copy that only this crate sees stands for the address.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: rm -rf %t && mkdir %t
// RUN: %helper-bitcode %S/Inputs/helpers.c -o %t/helpers.bc
// RUN: %rustc %import-helpers %s -o %t/main
// RUN: %t/main
// RUN: %rustc %import-helpers -O %s -o %t/main-O
// RUN: %t/main-O
// RUN: %rustc %import-helpers -Copt-level=1 -Ccodegen-units=1 --emit=obj %s -o %t/main.o
// RUN: llvm-nm %t/main.o | FileCheck %s
//
// Beside an object that defines it too, there is no clash.
// RUN: %helper-object %S/Inputs/helpers.c -o %t/helpers.o
// RUN: %rustc %import-helpers -O %s -Clink-arg=%t/helpers.o -o %t/beside
// RUN: %t/beside

// CHECK-NOT: {{[UT]}} helper_
// CHECK: t helper_add
// CHECK-NOT: {{[UT]}} helper_

use std::hint::black_box;

extern "C" {
    fn helper_add(a: i32, b: i32) -> i32;
    fn helper_square_plus(a: i32, b: i32) -> i32;
}

type Operation = unsafe extern "C" fn(i32, i32) -> i32;
static OPERATIONS: [Operation; 2] = [helper_add, helper_square_plus];

#[inline(never)]
fn apply(operation: Operation, a: i32, b: i32) -> i32 {
    unsafe { black_box(operation)(a, b) }
}

fn main() {
    assert_eq!(apply(helper_add, 40, 2), 42);
    assert_eq!(apply(black_box(OPERATIONS)[1], 6, 6), 42);
    assert_eq!(unsafe { helper_add(black_box(20), 22) }, 42);
    let sum = (1..=8).fold(6, |a, b| unsafe { helper_add(a, b) });
    assert_eq!(sum, 42);
}
