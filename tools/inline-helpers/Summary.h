//===- Summary.h - What became of the helpers of a whole build --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_SUMMARY_H
#define INLINE_HELPERS_TOOLS_SUMMARY_H

#include "passes/Options.h"
#include "passes/Report.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <optional>

namespace inline_helpers {

/// What became of one helper in the units of one crate. The record's counts
/// are of all of them.
struct Row {
  std::string Crate;
  HelperRecord Helper;
  std::optional<uint64_t> Bytes; ///< Of its native code, if it is known.

  /// Returns how many calls stay.
  unsigned leftCalls() const;
  /// Returns the reasons of the calls that stay, and how many have each.
  std::map<llvm::StringRef, unsigned> reasons() const;
};

/// What became of the helpers of all crates.
struct Summary {
  std::vector<Row> Rows; ///< By helper, then by crate.
  std::vector<std::string> Notes;

  unsigned Crates = 0;
  unsigned Helpers = 0;
  /// Helpers by status: one that is imported in one crate alone is "partly".
  std::map<llvm::StringRef, unsigned> Statuses;
  uint64_t InlinedCalls = 0;
  uint64_t LeftCalls = 0;
  std::map<llvm::StringRef, uint64_t> Reasons; ///< Calls that stay.
};

/// Reads every file of \p Directory whose name ends in .json.
///
/// \returns an error if one cannot be read, or there is none.
llvm::Expected<std::vector<Report>> readReports(llvm::StringRef Directory);

/// Compiles \p Library, and returns the size of each of its functions in bytes.
///
/// \returns an error if it is not there, is not what its digest says, or
///          cannot be compiled to ELF.
llvm::Expected<llvm::StringMap<uint64_t>>
measureCode(const LibraryOption &Library);

/// Prints \p S as a page of HTML that needs no other file.
void printPage(llvm::raw_ostream &OS, const Summary &S);

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_SUMMARY_H
