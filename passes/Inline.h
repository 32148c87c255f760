//===- Inline.h - Inlines imported helpers ----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Inlines imported helpers where the crate calls them, at every optimisation
/// level: the wrapper is an artefact of the language border, not a choice.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_INLINE_H
#define INLINE_HELPERS_PASSES_INLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/PassInstrumentation.h"

namespace inline_helpers {

/// A call that LLVM did not inline although it was judged that it can.
struct FailedInlining {
  llvm::CallBase *Call;
  std::string Reason;
};

/// Inlines each of \p Calls, whose callees are among \p Helpers. Calls of other
/// helpers that appear thereby are inlined too, unless \p MayInline says no; a
/// helper is not inlined into its own body, at any depth.
///
/// \param MayInline asked for the call of a helper in another one's body.
/// \param Callers receives the functions that were changed.
/// \param DeleteBodies delete the body of a helper once nothing uses it any
///        more: it need not be kept beside what was inlined of it. What remains
///        is a declaration.
/// \param Instrumentation takes each inlining for a pass; see Step.h.
/// \returns those of the calls that LLVM did not inline.
std::vector<FailedInlining>
inlineCalls(llvm::ArrayRef<llvm::CallBase *> Calls,
            const llvm::SetVector<llvm::Function *> &Helpers,
            llvm::function_ref<bool(const llvm::CallBase &)> MayInline,
            llvm::SetVector<llvm::Function *> &Callers, bool DeleteBodies,
            const llvm::PassInstrumentation &Instrumentation = {});

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_INLINE_H
