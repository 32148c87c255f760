// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two helpers more, included by the kernel's rust/helpers/helpers.c: what
// KASAN has to check, and what it must not.

unsigned char rust_helper_kasan_checked(const unsigned char *Byte) {
  return *Byte;
}

__no_sanitize_address unsigned char
rust_helper_kasan_unchecked(const unsigned char *Byte) {
  return *Byte;
}
