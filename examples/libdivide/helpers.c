// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libdivide.h divides by a number that is not known before run time, without a
// division instruction.

#include <libdivide.h>

struct libdivide_u64_t helper_libdivide_u64_gen(uint64_t divisor) {
  return libdivide_u64_gen(divisor);
}

uint64_t helper_libdivide_u64_do(uint64_t numerator,
                                 const struct libdivide_u64_t *divider) {
  return libdivide_u64_do(numerator, divider);
}
