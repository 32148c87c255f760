// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
static inline int twice(int X) { return X + X; }
int helper_twice(int X) { return twice(X); }
int helper_sum(const int *Values, int Count) {
  int Sum = 0;
  for (int I = 0; I < Count; ++I)
    Sum += Values[I];
  return Sum;
}
