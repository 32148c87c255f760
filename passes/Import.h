//===- Import.h - Moves helpers into a module -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Moves the chosen helpers, and nothing else of their library, into a crate's
/// module: without debug info, with the crate's code generation attributes,
/// with internal linkage.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_IMPORT_H
#define INLINE_HELPERS_PASSES_IMPORT_H

#include "passes/Compatibility.h"
#include "passes/HelperLibrary.h"
#include "llvm/IR/ValueHandle.h"

namespace inline_helpers {

/// Returns true if the meaning of \p F depends on null_pointer_is_valid: it
/// compares with null, or accesses memory through a pointer that may be null.
/// Assembly does not count: LLVM concludes nothing from it.
bool doesRelyOnNull(const llvm::Function &F);

/// Gives \p F the code generation attributes of \p Model (null: none), and
/// keeps what its meaning needs; see AttributeRules.def.
///
/// \param KeepTarget keep the CPU and features \p F has: its body depends on
///        them. Otherwise it gets none, and so those the host compiles the
///        module for: a function of the crate could have more of its own.
void adaptAttributes(llvm::Function &F, const llvm::Function *Model,
                     bool KeepTarget);

/// Moves the helpers of \p Closures from \p Library into \p M.
///
/// Not brought along: module assembly, constructors, llvm.used, module flags,
/// other named metadata, other helpers. A reference to those becomes a
/// declaration.
///
/// \param Closures judged fit for \p M, their bodies read.
/// \returns every definition that is new in \p M, the helpers among them under
///          their own names.
llvm::Expected<std::vector<llvm::WeakTrackingVH>>
moveIntoModule(llvm::Module &M, HelperLibrary Library,
               llvm::ArrayRef<HelperClosure> Closures);

/// Erases those of \p Definitions that nothing uses any more.
void eraseUnused(llvm::ArrayRef<llvm::WeakTrackingVH> Definitions);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_IMPORT_H
