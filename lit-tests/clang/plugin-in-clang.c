// clang loads the plugin itself, and its pipeline imports at every level.
//
// REQUIRES: clang, plugin
//
// RUN: split-file %s %t
// RUN: clang -O2 -c -emit-llvm %t/helpers.c -o %t/helpers.bc
// RUN: env INLINE_HELPERS='library=%t/helpers.bc;leftover=error' \
// RUN:   clang -O0 -fpass-plugin=%plugin -S -emit-llvm %t/main.c -o - \
// RUN:   | FileCheck %s
// RUN: env INLINE_HELPERS='library=%t/helpers.bc;leftover=error' \
// RUN:   clang -O2 -fpass-plugin=%plugin -S -emit-llvm %t/main.c -o - \
// RUN:   | FileCheck %s
// RUN: not env INLINE_HELPERS=library=%t/no-such-file.bc \
// RUN:   clang -O2 -fpass-plugin=%plugin -c %t/main.c -o %t/main.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=ERROR
// RUN: not test -e %t/main.o
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: define {{.*}}i32 @caller(
// CHECK:         mul nsw i32 {{.*}}, 3
// CHECK-NOT:   @helper

// ERROR: error: inline-helpers: cannot read library '{{.*}}/no-such-file.bc': No such file or directory

//--- main.c
int helper(int x);
int caller(int x) { return helper(x); }

//--- helpers.c
int helper(int x) { return x * 3; }
