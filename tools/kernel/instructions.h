// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef INLINE_HELPERS_TOOLS_KERNEL_INSTRUCTIONS_H
#define INLINE_HELPERS_TOOLS_KERNEL_INSTRUCTIONS_H

#include <stdint.h>

// QEMU's -icount makes the machine's counter count instructions; a clock of the
// kernel would be scaled by what the kernel measured at boot.
#ifdef __aarch64__
static uint64_t instructions(void) {
  uint64_t Ticks, Frequency;
  __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(Ticks));
  __asm__("mrs %0, cntfrq_el0" : "=r"(Frequency));
  return (uint64_t)((__uint128_t)Ticks * 1000000000 / Frequency);
}
#else
static uint64_t instructions(void) { return __builtin_ia32_rdtsc(); }
#endif

#endif // INLINE_HELPERS_TOOLS_KERNEL_INSTRUCTIONS_H
