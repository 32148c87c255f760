// A helper that every module of a crate calls is inlined in each, whether the crate is one codegen unit or sixteen.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: rm -rf %t && mkdir %t
// RUN: %helper-bitcode %S/Inputs/helpers.c -o %t/helpers.bc
// RUN: %rustc %import-helpers -Ccodegen-units=1 -O %s -o %t/one
// RUN: %t/one | FileCheck %s
// RUN: %rustc %import-helpers -Ccodegen-units=16 -O -Csave-temps %s -o %t/sixteen
// RUN: %t/sixteen | FileCheck %s
// RUN: %rustc %import-helpers -Ccodegen-units=16 %s -o %t/sixteen-O0
// RUN: %t/sixteen-O0 | FileCheck %s
//
// Several units did want it: there is more than one object besides the
// allocator's.
// RUN: ls %t | FileCheck --check-prefix=UNITS %s

// CHECK: sum 528
// UNITS: sixteen.{{.*}}-cgu.00.rcgu.o
// UNITS: sixteen.{{.*}}-cgu.07.rcgu.o

macro_rules! modules {
    ($($name:ident)*) => {
        extern "C" {
            fn helper_add(a: i32, b: i32) -> i32;
        }
        $(
            pub mod $name {
                #[inline(never)]
                pub fn bump(x: i32) -> i32 {
                    unsafe { crate::helper_add(x, std::hint::black_box(33)) }
                }
            }
        )*
        fn main() {
            let mut sum = 0;
            $(sum = $name::bump(sum);)*
            println!("sum {sum}");
        }
    };
}
modules! { a b c d e f g h i j k l m n o p }
