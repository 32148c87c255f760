//===- TargetFeatures.h - CPUs and features of helpers ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The CPU and the features a library is compiled for do not bind its helpers:
/// they are compiled for the crate's. What a single helper has beyond them, or
/// depends on, does.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_TARGETFEATURES_H
#define INLINE_HELPERS_PASSES_TARGETFEATURES_H

#include "passes/Compatibility.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

namespace inline_helpers {

/// What of a function depends on the target features it was compiled for.
struct FeatureUse {
  Left What;
  bool IsKnownTarget; ///< LLVM may be asked about it; see findUnknownTarget.
};

/// The CPU and the target features that most definitions of a library have.
/// The library's flags say them; the fewer others have a target attribute.
class FeatureBaseline {
public:
  /// Reads the attributes of every definition in \p Library, or what
  /// set() has put there.
  explicit FeatureBaseline(const llvm::Module &Library);

  /// Writes the baseline into \p Library, as named metadata: for where not all
  /// of the library's definitions are in the module, or dropTargets was called.
  void set(llvm::Module &Library) const;

  /// Takes CPU and features off each function of \p Library, whose bodies are
  /// read, that does not depend on them. No import takes them along, and of
  /// Linux' helpers they are half of the bitcode.
  void dropTargets(llvm::Module &Library) const;

  /// Gives each definition of \p Library without a CPU or features those of
  /// the baseline, and removes what set() has put there.
  void restoreTargets(llvm::Module &Library) const;

  /// Returns true if \p F has another CPU, or a feature beyond the baseline.
  /// One without either has not.
  bool isExceededBy(const llvm::Function &F) const;

  /// Says what in \p F, whose body is read, depends on the target features it
  /// was compiled for, if anything does: features of its own, a target
  /// intrinsic, a scalable vector, a value in a vector register across a call,
  /// assembly where not every CPU has the features. The answer is kept: it is
  /// that of the first time, even after an import has changed \p F.
  const std::optional<FeatureUse> &findUse(const llvm::Function &F) const;

private:
  void take(llvm::StringRef CPU, llvm::StringRef FeatureText,
            llvm::StringRef TuneCPU);

  /// As in the attributes; the context of the library keeps them.
  llvm::StringRef CPU, FeatureText, TuneCPU;
  llvm::StringSet<> Features; ///< Those that are on.
  mutable llvm::DenseMap<const llvm::Function *, std::optional<FeatureUse>>
      Uses;
};

/// Returns the function of \p M whose code generation attributes stand for the
/// crate's: its first definition that has no more target features than every
/// other, or null if it has none, or not all have one CPU. One with
/// #[target_feature] is no model: the copy of a helper may run where those
/// features are not.
llvm::Function *getModelFunction(llvm::Module &M);

/// Returns what LLVM does not know of the CPU and the features of \p F, such as
/// "CPU x87-64", or "". Asked to compile for it, LLVM would complain on
/// standard error, and end the process where an unknown CPU leaves too little
/// (X86Subtarget.cpp, initSubtargetFeatures).
std::string findUnknownTarget(const llvm::Function &F);

/// Returns a definition of \p M of whose CPU or features findUnknownTarget
/// tells something, null if there is none. It is asked once for all with the
/// same.
const llvm::Function *findFunctionOfUnknownTarget(const llvm::Module &M);

/// Judges whether the body of \p F can be code for the target of \p Caller: it
/// does not depend on features, or the caller has them. The target is asked
/// last, as its answer takes the parsing of both functions' features.
std::optional<Left> judgeTarget(const llvm::Function &F, llvm::Function &Caller,
                                const FeatureBaseline &Baseline,
                                TargetQuery GetTTI);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_TARGETFEATURES_H
