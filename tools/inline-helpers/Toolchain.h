//===- Toolchain.h - What other programs say of themselves ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which rustc and clang there are, and whether they go together with each
/// other and with this plugin.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_TOOLCHAIN_H
#define INLINE_HELPERS_TOOLS_TOOLCHAIN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>
#include <system_error>

namespace inline_helpers {

/// What a program printed, and how it ended.
struct ProgramOutput {
  int Status = 0; ///< Negative: it did not run, or crashed.
  std::string Output;
  std::string Errors;
};

/// Says that no temporary file can be made, because of \p EC.
llvm::Error noTemporaryFile(std::error_code EC);

/// Makes an empty file for what a program reads or prints, whose name ends in
/// \p Suffix, without a dot; the caller removes it.
llvm::Expected<llvm::SmallString<128>>
makeTemporaryFile(llvm::StringRef Suffix);

/// Runs \p Command, whose first word is the program's path, without input, and
/// waits for its end.
///
/// \returns an error if there is no room for what it prints.
llvm::Expected<ProgramOutput>
runAndCapture(llvm::ArrayRef<std::string> Command);

/// Runs \p Command, of which \p Program is the path, and waits for its end,
/// also where the terminal interrupts both: it has files to remove then.
///
/// \returns its exit status (128 and the number of a signal that ended it), or
///          an error if it cannot be run.
llvm::Expected<int> runToEnd(llvm::StringRef Program,
                             llvm::ArrayRef<std::string> Command);

/// What `rustc -vV` says.
struct RustcVersion {
  std::string Release;     ///< "1.96.0", "1.97.0-nightly"
  std::string Host;        ///< "x86_64-unknown-linux-gnu"
  std::string LLVMVersion; ///< "22.1.8"
  unsigned LLVMMajor = 0;

  /// Returns true if it takes -Z without RUSTC_BOOTSTRAP.
  bool isNightly() const;
};

/// Reads \p Text, which `rustc -vV` printed.
///
/// \returns an error that names \p Rustc, with \p Help, if there is no LLVM
///          version in it.
llvm::Expected<RustcVersion> parseRustcVersion(llvm::StringRef Text,
                                               llvm::StringRef Rustc,
                                               const llvm::Twine &Help);

/// Returns true if the LLVM of the rustc in \p Sysroot can be used by a plugin:
/// it is a library of its own, or its symbols are exported. rustc finds no
/// symbol of a plugin otherwise (rust-lang/rust#127573).
///
/// \returns an error if there is no rustc in \p Sysroot.
llvm::Expected<bool> hasUsableLLVM(llvm::StringRef Sysroot);

/// Asks \p Clang, the path of a clang, for its version ("22.1.8").
llvm::Expected<std::string> askClangVersion(llvm::StringRef Clang);

/// Returns an error if \p Clang, of version \p Version, writes bitcode that the
/// LLVM of \p Rustc does not read.
llvm::Error checkClang(llvm::StringRef Clang, llvm::StringRef Version,
                       const RustcVersion &Rustc);

/// Finds the plugin beside this command: ../lib of a build or an installation.
llvm::Expected<std::string> findPlugin();

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_TOOLCHAIN_H
