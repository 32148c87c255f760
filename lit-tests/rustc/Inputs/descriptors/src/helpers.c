// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD_ZERO, FD_SET and FD_ISSET are macros: no library has them, so Rust needs
// helpers.

#include <stdbool.h>
#include <sys/select.h>

void helper_FD_ZERO(fd_set *set) { FD_ZERO(set); }

void helper_FD_SET(int descriptor, fd_set *set) { FD_SET(descriptor, set); }

bool helper_FD_ISSET(int descriptor, const fd_set *set) {
  return FD_ISSET(descriptor, set);
}
