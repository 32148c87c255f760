//===- Unreachable.h - Calls that are undefined behaviour -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the calls whose helper, once inlined, does nothing but run into
/// undefined behaviour: a division by a constant zero of the caller, a switch
/// that has no case for its constant, a return that is missing. LLVM would
/// delete the code after such a call without a word; objtool says of the rest
/// that it "falls through".
///
/// Only what is seen in one function of the crate and the helpers it calls is
/// found: not a constant that reaches the call when LLVM inlines one function
/// of the crate into another.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_UNREACHABLE_H
#define INLINE_HELPERS_PASSES_UNREACHABLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/PassManager.h"
#include <string>
#include <vector>

namespace inline_helpers {

/// A call that is undefined behaviour whenever it is executed.
struct UnreachableCall {
  std::string Helper;
  std::string Caller;   ///< The symbol.
  std::string Location; ///< "file:line:column" of the call, or empty.
  std::string Cause;    ///< Such as "a division by zero".

  /// "becomes unreachable in 'CALLER' at LOCATION: ...; help: CURE", the text
  /// after the helper's name. The caller's name is demangled.
  std::string message() const;
};

/// Finds those of \p Calls that are undefined behaviour whenever they are
/// executed: of every path through the inlined helper the end is a division by
/// zero, an access or call through a null pointer, an assumption that does not
/// hold, or an `unreachable` that nothing before it keeps from being executed.
/// An `unreachable` after assembly, a trap or a call that does not return is
/// how code says that it ends there, as the kernel's BUG() does.
///
/// It tries on copies: of a helper that has such an instruction, with its
/// condition made a branch, and of the callers whose arguments may decide it.
/// The module is what it was afterwards. A call for which nothing can be
/// decided costs the look at its arguments.
///
/// \param Calls to be inlined, each a direct call of one of \p Helpers.
/// \param Helpers imported, their calls not inlined yet.
/// \param MayInline as for inlineCalls.
/// \param FAM has the analyses of a PassBuilder.
std::vector<UnreachableCall>
findUnreachable(llvm::ArrayRef<llvm::CallBase *> Calls,
                const llvm::SetVector<llvm::Function *> &Helpers,
                llvm::function_ref<bool(const llvm::CallBase &)> MayInline,
                llvm::FunctionAnalysisManager &FAM);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_UNREACHABLE_H
