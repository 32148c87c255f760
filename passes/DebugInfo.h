//===- DebugInfo.h - Debug info of imported helpers -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What becomes of the debug info of helpers: none of it (their code has the
/// line of the Rust call), or their line tables in the crate's compile unit.
/// Neither a C compile unit nor a C type reaches the crate: pahole skips Rust
/// by the unit, and rejects what it finds in between.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_DEBUGINFO_H
#define INLINE_HELPERS_PASSES_DEBUGINFO_H

#include "passes/Compatibility.h"
#include "passes/Options.h"

namespace inline_helpers {

/// Prepares the debug info of \p Closures, whose bodies are read and which will
/// be moved from \p Source into \p M.
///
/// With DebugInfoKind::Lines their functions keep names, files and locations,
/// and get a compile unit of \p M: that of a function that uses the helper, or
/// the first. All else is dropped, and everything where \p Kind is Strip, where
/// \p M has no debug info, or where that of \p Source is of another metadata
/// version (as LLVM's AutoUpgrade.cpp does it) or invalid, which is warned of.
void adaptDebugInfo(llvm::Module &Source,
                    llvm::ArrayRef<HelperClosure> Closures,
                    const llvm::Module &M, DebugInfoKind Kind);

/// Gives \p Call, which is about to be inlined, a location if its function has
/// debug info and it has none: line 0, unknown. Without one LLVM's inliner
/// leaves the callee's locations in the wrong function.
void ensureLocation(llvm::CallBase &Call);

/// Drops the locations in \p F, into which helpers were inlined, if \p F has no
/// debug info that they could belong to.
void dropStrayLocations(llvm::Function &F);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_DEBUGINFO_H
