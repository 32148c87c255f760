//===- Import.h - Moves helpers into a module -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Moves the chosen helpers, and nothing else of their library, into a crate's
/// module: with the crate's code generation attributes, with internal linkage,
/// and with no more of their debug info than is asked for.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_IMPORT_H
#define INLINE_HELPERS_PASSES_IMPORT_H

#include "passes/Compatibility.h"
#include "passes/HelperLibrary.h"
#include "llvm/IR/ValueHandle.h"

namespace inline_helpers {

/// Gives \p F the code generation attributes of \p Model (null: none), and
/// keeps what its meaning needs; see CompatibilityRules.def.
///
/// \param KeepTarget keep the CPU and features \p F has: its body depends on
///        them. Otherwise it gets none, and so those the host compiles the
///        module for: a function of the crate could have more of its own.
void adaptAttributes(llvm::Function &F, const llvm::Function *Model,
                     bool KeepTarget);

/// Moves the helpers of \p Closures from \p Library into \p M.
///
/// Not brought along: module assembly, constructors, llvm.used, module flags
/// (but see ModuleFlagRule::Adopt), other named metadata, other helpers. A
/// reference to those becomes a declaration.
///
/// \param Closures judged fit for \p M, their bodies read.
/// \param Baseline of the library.
/// \param Model the crate's function that copies are compiled like (null:
///        none); see getModelFunction.
/// \returns every definition that is new in \p M, the helpers among them under
///          their own names. Whatever takes the place of their uses, the
///          handles stay with them.
std::vector<llvm::WeakVH> moveIntoModule(llvm::Module &M, HelperLibrary Library,
                                         llvm::ArrayRef<HelperClosure> Closures,
                                         const FeatureBaseline &Baseline,
                                         const llvm::Function *Model,
                                         DebugInfoKind DebugInfo);

/// Erases those of \p Definitions that nothing uses any more.
void eraseUnused(llvm::ArrayRef<llvm::WeakVH> Definitions);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_IMPORT_H
