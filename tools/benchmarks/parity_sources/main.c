// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes as many references as its argument says, in a program.
#include <stdlib.h>

void take_references(int *count, unsigned long times);

void refcount_warn_saturate(int *count, int kind) {
  (void)count;
  (void)kind;
  abort();
}

int main(int argc, char **argv) {
  int count = 1;

  if (argc != 2)
    return 2;
  take_references(&count, strtoul(argv[1], NULL, 10));
  return count <= 0;
}
