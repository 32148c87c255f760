// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What bindgen reads: the library's header and, for what Rust cannot call in
// it, functions that Rust can: of templates, and with C++ types by value.

#ifndef HELPERS_HPP
#define HELPERS_HPP

#include "shapes.hpp"

using Numbers = shapes::Stack<int>;

extern "C" {
void helper_box_new(shapes::Box *box, int width, int height);
void helper_numbers_new(Numbers *numbers);
bool helper_numbers_push(Numbers &numbers, int number);
int helper_numbers_size(const Numbers &numbers);
}

#endif
