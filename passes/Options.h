//===- Options.h - Parameters of import-helpers -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The parameters of import-helpers: the text between the brackets of
/// `import-helpers<library=helpers.bc;leftover=error>`, which is also what the
/// environment variable INLINE_HELPERS holds.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_OPTIONS_H
#define INLINE_HELPERS_PASSES_OPTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace inline_helpers {

/// The pass's name in a pipeline, and the name remarks are filtered by.
inline constexpr llvm::StringLiteral PassName = "import-helpers";

/// The environment variable that holds parameters.
inline constexpr llvm::StringLiteral EnvironmentVariable = "INLINE_HELPERS";

/// What becomes of the debug info of helpers.
enum class DebugInfoKind {
  Strip, ///< Their code has the line of the Rust call.
  Lines  ///< Their code has its own lines, inlined at the Rust call.
};

/// What a wanted helper that stays a call is.
enum class LeftoverKind { Allow, Warn, Error };

/// One `library=PATH` and the `sha256=HEX` that follows it.
struct LibraryOption {
  std::string Path;   ///< As given, percent-decoded.
  std::string SHA256; ///< 64 lower-case hexadecimal digits; empty: unchecked.

  bool operator==(const LibraryOption &Other) const {
    return Path == Other.Path && SHA256 == Other.SHA256;
  }
};

/// Parameters as given. An empty optional is a parameter not given.
struct Options {
  std::vector<LibraryOption> Libraries; ///< The first definition wins.
  std::optional<DebugInfoKind> DebugInfo;
  std::optional<LeftoverKind> Leftover;
  std::optional<std::string> Report; ///< A folder, percent-decoded.
  /// Takes the place of KBUILD_MODNAME in helpers (ModuleName.h).
  std::optional<std::string> ModuleName;

  DebugInfoKind debugInfo() const {
    return DebugInfo.value_or(DebugInfoKind::Strip);
  }
  LeftoverKind leftover() const {
    return Leftover.value_or(LeftoverKind::Allow);
  }
};

/// Parses \p Text, parameters separated by `;`. Empty text gives no parameters.
///
/// \param Source where the text stands, for error messages ("-C passes",
///        "INLINE_HELPERS").
/// \returns the parameters, or an error that lists the valid ones for an
///          unknown, repeated or empty parameter and for an invalid value.
llvm::Expected<Options> parseOptions(llvm::StringRef Text,
                                     llvm::StringRef Source);

/// Splits a pass of a textual pipeline into the parameters of import-helpers.
///
/// \returns the text between the brackets (empty without brackets), or nothing
///          if \p Pass is another pass.
std::optional<llvm::StringRef> getPassParameters(llvm::StringRef Pass);

/// Puts together the parameters of every place they can come from: each text
/// of \p PassTexts (`import-helpers<...>` in a pipeline) and \p Environment
/// (the value of INLINE_HELPERS; nullopt: not set).
///
/// \returns the parameters, or the first error of parseOptions, or an error
///          that names the parameter two places give different values for.
llvm::Expected<Options>
resolveOptions(llvm::ArrayRef<std::string> PassTexts,
               std::optional<llvm::StringRef> Environment);

/// Percent-encodes what a path in a parameter must not contain: `;`, `<`, `>`,
/// `%`, white space (rustc splits -C passes there), and `,`, `(`, `)` (LLVM
/// splits a pipeline there, PassBuilder::parsePipelineText).
std::string percentEncode(llvm::StringRef Path);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_OPTIONS_H
