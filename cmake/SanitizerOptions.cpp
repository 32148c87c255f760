//===- SanitizerOptions.cpp - How sanitized programs end ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What ASAN_OPTIONS and UBSAN_OPTIONS would say, in every program: a test that
// expects an error (`not opt …`) must not take a sanitizer's exit for it. So a
// finding, a leak too, is an abort.
//
//===----------------------------------------------------------------------===//

extern "C" const char *__asan_default_options() {
  return "abort_on_error=1:check_initialization_order=1:"
         "strict_string_checks=1";
}

extern "C" const char *__ubsan_default_options() {
  return "abort_on_error=1:print_stacktrace=1";
}
