// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "helpers.hpp"
#include <new>
#include <tuple>

extern "C" {
void helper_box_new(shapes::Box *box, int width, int height) {
  new (box) shapes::Box(width, height);
}

void helper_numbers_new(Numbers *numbers) { new (numbers) Numbers(); }

bool helper_numbers_push(Numbers &numbers, int number) {
  return numbers.push(number);
}

int helper_numbers_size(const Numbers &numbers) { return numbers.size(); }
}

// What bindgen declares by itself, inline functions and methods, has code only
// where something uses it.
[[gnu::used]] static const auto used = std::make_tuple(
    &shapes::fits, &shapes::Box::width, &shapes::Box::area, &shapes::Box::grow);
