//===- Fuzzing.h - What several fuzzers need --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_UNITTESTS_FUZZERS_FUZZING_H
#define INLINE_HELPERS_UNITTESTS_FUZZERS_FUZZING_H

#include "passes/Diagnostics.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorHandling.h"
#include <cstddef>
#include <cstdint>

namespace inline_helpers {

/// Ends the process, which libFuzzer reports with the input, unless \p Holds.
inline void require(bool Holds, const char *What) {
  if (!Holds)
    llvm::report_fatal_error(What);
}

/// Consumes \p E, which has to be one of ours, with a text and a cure.
inline void requireCure(llvm::Error E) {
  llvm::handleAllErrors(std::move(E), [](const HelperError &Error) {
    require(!Error.what().empty(), "an error says nothing");
    require(!Error.help().empty(), "an error has no cure");
  });
}

/// Returns the input of a fuzzer as text.
inline llvm::StringRef asText(const uint8_t *Data, size_t Size) {
  return {reinterpret_cast<const char *>(Data), Size};
}

} // namespace inline_helpers

/// What libFuzzer calls with each input; the result is always 0.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size);

#endif // INLINE_HELPERS_UNITTESTS_FUZZERS_FUZZING_H
