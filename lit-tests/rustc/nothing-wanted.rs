// A crate that wants no helper opens no library, not even a missing one, and is compiled to the same bytes as without the plugin.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every crate may refer to counts for nothing: memcmp, strlen, the
// personality of its landing pads.
//
// RUN: rm -rf %t && mkdir -p %t/with %t/without
// RUN: %rustc %import-helpers --emit=obj -Ccodegen-units=1 %s -o %t/with/main.o
// RUN: %rustc --emit=obj -Ccodegen-units=1 %s -o %t/without/main.o
// RUN: cmp %t/with/main.o %t/without/main.o
// RUN: %rustc %import-helpers --emit=obj -O -g -Ccodegen-units=1 %s -o %t/with/main.o
// RUN: %rustc --emit=obj -O -g -Ccodegen-units=1 %s -o %t/without/main.o
// RUN: cmp %t/with/main.o %t/without/main.o
// RUN: llvm-nm %t/with/main.o | FileCheck %s

// CHECK-DAG: U {{bcmp|memcmp}}
// CHECK-DAG: rust_eh_personality

struct Guard;
impl Drop for Guard {
    fn drop(&mut self) {
        println!("dropped");
    }
}

#[inline(never)]
fn equal(a: &[u8], b: &[u8]) -> bool {
    let _guard = Guard;
    println!("{a:?} {b:?}");
    a == b
}

fn main() {
    assert!(!equal(b"some", b"thing"));
}
