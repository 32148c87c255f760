//===- ImportRecord.h - What became of each helper --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What one run of import-helpers did to one module: the remarks, the leftover
/// diagnostics and the report say it, in their own forms.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_IMPORTRECORD_H
#define INLINE_HELPERS_PASSES_IMPORTRECORD_H

#include "passes/Compatibility.h"
#include <string>
#include <vector>

namespace inline_helpers {

/// Calls of one helper in one function that stay calls for one reason. A
/// reason that holds for each call of the helper is given once.
struct LeftCalls {
  Left Why;
  std::string Caller;   ///< The symbol; empty: wherever it is named.
  std::string Location; ///< "file:line:column" of the first, or empty.
  unsigned Count = 0;
};

/// What became of one helper that a module wants.
struct HelperRecord {
  std::string Name;
  std::string Library;               ///< The path, as given.
  bool Imported = false;             ///< Its definition came in.
  unsigned InlinedCalls = 0;         ///< Calls in the crate's own functions.
  bool CopyRemains = false;          ///< An internal copy is in the module.
  std::vector<LeftCalls> Left;       ///< Empty: no call of it remains.
  std::vector<std::string> Warnings; ///< Such as "becomes unreachable in 'f'".
};

/// A library that was opened.
struct LibraryRecord {
  std::string Path;   ///< As given.
  std::string Digest; ///< SHA-256, 64 hexadecimal digits.
};

/// What one run of import-helpers did to one module.
struct ImportRecord {
  std::string Module; ///< Its identifier; rustc's is that of a codegen unit.
  bool AtLTO = false; ///< The module comes from a link, not from a compiler.
  std::vector<LibraryRecord> Libraries;
  std::vector<HelperRecord> Helpers; ///< In the order of the declarations.
  /// Functions that came in and were not all inlined, static ones among them.
  std::vector<std::string> Copies;
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_IMPORTRECORD_H
