//===- CargoSetup.h - What cargo inlines helpers with -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the programs that build a cargo package with its helpers inlined, and
/// tells cargo, through the environment, to load the plugin. Which rustc cargo
/// takes, and which of the places that name flags for it counts, cargo itself
/// is asked: only it knows all that these depend on.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_CARGOSETUP_H
#define INLINE_HELPERS_TOOLS_CARGOSETUP_H

#include "Toolchain.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace inline_helpers {

/// The values that \p Arguments, of cargo, give the option \p Name: as
/// `--name=VALUE` or in two words, in front of `--`.
std::vector<std::string> getCargoOption(llvm::ArrayRef<std::string> Arguments,
                                        llvm::StringRef Name);

/// What is found step by step. A step returns what it found, in some words for
/// a person; an error has the cure. Each step needs those before it.
class CargoSetup {
public:
  /// \param Arguments of cargo: `--config` and `--target` among them count.
  explicit CargoSetup(llvm::ArrayRef<std::string> Arguments)
      : Arguments(Arguments.vec()) {}
  CargoSetup(const CargoSetup &) = delete;
  CargoSetup &operator=(const CargoSetup &) = delete;
  ~CargoSetup() { removeEmptyPackage(); }

  llvm::Expected<std::string> findCargo();
  /// Says whether what was found is a cargo, and which. A build does not need
  /// it: what is none does not answer its questions.
  llvm::Expected<std::string> checkCargo();
  /// Returns \p E, which an answer of cargo led to, or that it is no cargo.
  llvm::Error explainFailure(llvm::Error E);
  /// Finds the target folder of the package that is built; "" if there is none
  /// (`cargo install NAME`).
  llvm::Expected<std::string> findTargetFolder();
  llvm::Expected<std::string> findRustc();
  /// Says whether the LLVM of rustc is one that a plugin can use.
  llvm::Expected<std::string> checkLLVM() const;
  llvm::Expected<std::string> findPlugin();
  /// Returns the path of the inline-helpers that is installed for the LLVM of
  /// rustc, if it is not this one; else "".
  std::string findOtherCommand() const;
  llvm::Expected<std::string> findClang();
  /// Sets RUSTC_BOOTSTRAP where it is needed.
  llvm::Expected<std::string> allowPlugin();
  /// Has cargo give rustc the plugin and \p Parameters of its pass, in addition
  /// to the flags of the user, and shows that rustc takes them.
  llvm::Expected<std::string> addFlags(llvm::StringRef Parameters);

  /// From here on the build is for \p Target.
  void buildFor(llvm::StringRef Target) {
    Arguments = {"--target", Target.str()};
  }

  /// Returns the flags that have rustc load the plugin.
  std::vector<std::string> getFlags(llvm::StringRef Parameters) const;

  llvm::StringRef cargo() const { return Cargo; }
  llvm::StringRef targetFolder() const { return TargetFolder; }
  const RustcVersion &rustc() const { return Rustc; }
  llvm::StringRef plugin() const { return Plugin; }
  bool setsBootstrap() const { return SetsBootstrap; }
  /// A package with nothing in it: cargo answers questions about it alone.
  llvm::StringRef emptyPackage() const { return Folder; }
  void removeEmptyPackage();
  /// When this setup began, by the clock of the file system.
  llvm::sys::TimePoint<> began() const { return Began; }

private:
  llvm::Expected<ProgramOutput>
  ask(llvm::ArrayRef<llvm::StringRef> Rustc,
      llvm::ArrayRef<std::string> Targets = {}) const;
  llvm::Expected<ProgramOutput>
  askWith(llvm::StringRef Name, llvm::StringRef Value,
          llvm::ArrayRef<llvm::StringRef> Rustc,
          llvm::ArrayRef<std::string> Targets = {}) const;
  llvm::Error explainRefusal(llvm::StringRef Errors) const;

  std::vector<std::string> Arguments;
  std::string Folder; ///< Of the empty package.
  llvm::sys::TimePoint<> Began;
  std::string Cargo;
  std::string TargetFolder;
  RustcVersion Rustc;
  std::string Plugin;
  bool SetsBootstrap = false;
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_CARGOSETUP_H
