// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef INLINE_HELPERS_TOOLS_KERNEL_MACHINE_H
#define INLINE_HELPERS_TOOLS_KERNEL_MACHINE_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

// The only program of a machine has no files and no console but what it opens.
static void prepareMachine(void) {
  mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
  mount("sysfs", "/sys", "sysfs", 0, NULL);
  int Console = open("/dev/console", O_RDWR);
  for (int Fd = 0; Fd != 3; ++Fd)
    dup2(Console, Fd);
  setvbuf(stdout, NULL, _IOLBF, 0);
}

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

#endif // INLINE_HELPERS_TOOLS_KERNEL_MACHINE_H
