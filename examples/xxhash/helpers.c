// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// xxhash.h as a library of header files alone: its functions are static inline,
// so Rust needs a helper to call one.

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t helper_XXH3_64bits(const void *data, size_t length) {
  return XXH3_64bits(data, length);
}
