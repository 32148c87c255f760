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
#include "passes/HelperLibrary.h"
#include "passes/ImportRecord.h"
#include "passes/Options.h"
#include "llvm/IR/PassManager.h"

namespace inline_helpers {

/// Finds what \p M declares and uses and a library of C helpers could define.
/// Intrinsics, names of Rust's own mangling and those of its runtime are left
/// out. A name with LLVM's mark for "not to be mangled" becomes the plain one.
std::vector<WantedHelper> findWanted(llvm::Module &M);

/// Imports and inlines the helpers \p M wants, and says of each that stays a
/// call why: in remarks, and as \p Opts has it in diagnostics.
///
/// \param Files what other modules of the process have opened.
/// \param AtLTO \p M comes from a link, and what of it was compiled with the
///        plugin has been through this once.
/// \returns what became of each helper, or an error. On an error before the
///          first import \p M is as it was; after one, it is not to be used.
llvm::Expected<ImportRecord>
importHelpers(llvm::Module &M, llvm::ModuleAnalysisManager &MAM,
              const Options &Opts, LibraryFiles &Files, bool AtLTO = false);

/// The same for a module alone.
inline llvm::Expected<ImportRecord>
importHelpers(llvm::Module &M, llvm::ModuleAnalysisManager &MAM,
              const Options &Opts) {
  LibraryFiles Files;
  return importHelpers(M, MAM, Opts, Files);
}

/// Looks at \p M once more, at the end of the pipeline: a helper that was
/// imported and is called all the same is added to \p Record, and said like
/// the others. Then writes the report, if there is to be one.
///
/// \returns an error if the report cannot be written, or if the placeholder of
///          the module's name was left in \p M.
llvm::Error finishImport(llvm::Module &M, ImportRecord &Record,
                         const Options &Opts);

/// Returns what importHelpers preserved of the module's analyses.
llvm::PreservedAnalyses getPreserved(const ImportRecord &Record);

/// importHelpers and finishImport as a module pass; errors become diagnostics
/// of the host.
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
