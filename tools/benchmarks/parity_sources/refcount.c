// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// References taken in a loop, in C.
#include <linux/refcount.h>

void take_references(refcount_t *count, unsigned long times);

void take_references(refcount_t *count, unsigned long times) {
  for (unsigned long i = 0; i < times; ++i)
    refcount_inc(count);
}
