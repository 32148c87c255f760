//===- ImportHelpers.h - The import-helpers pass ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Imports the helpers a module declares and a library defines, and inlines
/// them.
///
///   opt -load-pass-plugin=InlineHelpers-22.so
///       -passes='import-helpers<library=helpers.bc>' crate.ll -S
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_IMPORTHELPERS_H
#define INLINE_HELPERS_PASSES_IMPORTHELPERS_H

#include "passes/Compatibility.h"
#include "passes/Options.h"
#include "llvm/IR/PassManager.h"

namespace inline_helpers {

/// Finds what \p M declares and uses and a library of C helpers could define.
/// Intrinsics, names of Rust's own mangling and those of its runtime are left
/// out.
std::vector<WantedHelper> findWanted(llvm::Module &M);

/// Runs import-helpers on \p M.
///
/// \returns whether \p M was changed, or an error. On an error before the first
///          import \p M is as it was; after one, it is not to be used.
llvm::Expected<bool> importHelpers(llvm::Module &M,
                                   llvm::ModuleAnalysisManager &MAM,
                                   const Options &Opts);

/// importHelpers as a module pass; errors become diagnostics of the host.
class ImportHelpersPass : public llvm::PassInfoMixin<ImportHelpersPass> {
public:
  explicit ImportHelpersPass(Options Opts) : Opts(std::move(Opts)) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &MAM);

  /// At -O0, and in functions marked optnone, too.
  static bool isRequired() { return true; }

private:
  Options Opts;
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_IMPORTHELPERS_H
