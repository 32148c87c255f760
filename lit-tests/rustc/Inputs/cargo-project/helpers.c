// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
int helper_value(void) { return 1; }
