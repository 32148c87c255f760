// The helpers of most tests.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

static const unsigned char table[4] = {3, 1, 4, 1};

static inline int square(int x) { return x * x; }

int helper_add(int a, int b) { return a + b; }

int helper_square_plus(int a, int b) { return helper_add(square(a), b); }

unsigned helper_table_sum(unsigned n) {
  unsigned sum = 0;
  for (unsigned i = 0; i < n; i++)
    sum += table[i % 4];
  return sum;
}

void helper_store(int *p, int x) { __atomic_store_n(p, x, __ATOMIC_RELEASE); }
