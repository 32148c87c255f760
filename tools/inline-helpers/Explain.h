//===- Explain.h - What each reason means -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_EXPLAIN_H
#define INLINE_HELPERS_TOOLS_EXPLAIN_H

#include "llvm/ADT/StringRef.h"
#include <vector>

namespace inline_helpers {

/// A reason of Reasons.def; what it has no text for is empty.
struct Reason {
  llvm::StringRef Name;
  llvm::StringRef Sentence;
  llvm::StringRef Explanation = {};
  llvm::StringRef Example = {};
  llvm::StringRef Cure = {};
};

/// Returns all reasons, sorted by name.
std::vector<Reason> getReasons();

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_EXPLAIN_H
