//===- Signature.h - Does a call fit a definition? --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Compares a call with the definition of its callee by what the target's
/// calling convention makes of both, not by how two front ends spell it: rustc
/// passes a structure of two registers as one argument, clang as two.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_SIGNATURE_H
#define INLINE_HELPERS_PASSES_SIGNATURE_H

#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include <optional>
#include <string>

namespace inline_helpers {

/// Compares the signature that \p CB calls \p Helper with, and the attributes
/// of it that are part of the ABI, with the definition's. LLVM links a wrong
/// signature without a word, and never inlines it.
///
/// Types that are spelled differently are equal where the registers are the
/// same: the scalars they consist of are (SelectionDAG splits an aggregate into
/// them, CodeGen/Analysis.cpp, ComputeValueVTs), and none is in memory.
///
/// \param Declaration the crate's, whose attributes count for \p CB too.
/// \returns nothing if they fit, else what differs (may be empty: the types).
std::optional<std::string> compareSignatures(const llvm::CallBase &CB,
                                             const llvm::Function &Declaration,
                                             const llvm::Function &Helper);

/// Makes \p CB, which fits by compareSignatures, a call with exactly the type
/// of \p Helper, its callee.
///
/// \returns the call, which is a new one if the types were spelled
///          differently.
llvm::CallBase *adaptCall(llvm::CallBase &CB, llvm::Function &Helper);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_SIGNATURE_H
