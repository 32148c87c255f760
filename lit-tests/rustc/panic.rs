// A helper called where a panic would run destructors, or abort, is inlined and the destructors still run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: rm -rf %t && mkdir %t
// RUN: %helper-bitcode %S/Inputs/helpers.c -o %t/helpers.bc
// RUN: %rustc %import-helpers -Cpanic=unwind %s -o %t/unwind
// RUN: %t/unwind 2>&1 | FileCheck %s
// RUN: %rustc %import-helpers -Cpanic=unwind -O %s -o %t/unwind-O
// RUN: %t/unwind-O 2>&1 | FileCheck %s
// RUN: %rustc %import-helpers -Cpanic=abort -O %s -o %t/abort
// RUN: not --crash %t/abort 2>&1 | FileCheck --check-prefix=ABORT %s
//
// The call is an invoke: "C-unwind" lets an exception pass.
// RUN: %rustc -Cpanic=unwind --emit=llvm-ir %s -o %t/calls.ll
// RUN: FileCheck --check-prefix=CALLS %s < %t/calls.ll

// CHECK: panicked
// CHECK: guard dropped at 42
// CHECK: caught
// ABORT: panicked
// ABORT-NOT: guard dropped
// CALLS: invoke i32 @helper_add(

use std::panic::catch_unwind;

extern "C-unwind" {
    fn helper_add(a: i32, b: i32) -> i32;
}

struct Guard<'a>(&'a mut i32);
impl Drop for Guard<'_> {
    fn drop(&mut self) {
        eprintln!("guard dropped at {}", self.0);
    }
}

fn guarded(x: i32) {
    let mut seen = 0;
    let guard = Guard(&mut seen);
    let sum = unsafe { helper_add(x, 2) };
    *guard.0 = sum;
    if sum == 42 {
        panic!("on purpose");
    }
}

fn main() {
    let result = catch_unwind(|| guarded(std::hint::black_box(40)));
    assert!(result.is_err());
    eprintln!("caught");
}
