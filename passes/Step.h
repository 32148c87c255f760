//===- Step.h - A step of import-helpers, as the host sees it ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// To the host's instrumentation each step of import-helpers is a pass: opt's
/// -verify-each runs LLVM's verifier after it, -print-after-all prints what it
/// leaves, -time-passes counts its time. Without instrumentation it is nothing.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_STEP_H
#define INLINE_HELPERS_PASSES_STEP_H

#include "passes/LLVMVersion.h"
#include "llvm/IR/PassInstrumentation.h"

namespace inline_helpers {

/// Lives as long as the step takes.
class Step {
public:
  /// \param Name as a pass name, such as "import-helpers: judge".
  /// \param Preserved what the step leaves as it was in \p M.
  Step(const llvm::PassInstrumentation &Instrumentation, const llvm::Module &M,
       llvm::StringRef Name,
       llvm::PreservedAnalyses Preserved = llvm::PreservedAnalyses::none())
      : Instrumentation(Instrumentation), M(M), Pass{Name},
        Preserved(std::move(Preserved)) {
    Instrumentation.runBeforePass(Pass, M);
  }
  ~Step() { Instrumentation.runAfterPass(Pass, M, Preserved); }
  Step(const Step &) = delete;
  Step &operator=(const Step &) = delete;

private:
  /// What PassInstrumentation wants of a pass.
  struct PassLike {
    llvm::StringRef Name;
    llvm::StringRef name() const { return Name; }
    static bool isRequired() { return true; }
  };

  const llvm::PassInstrumentation &Instrumentation;
  const llvm::Module &M;
  PassLike Pass;
  llvm::PreservedAnalyses Preserved;
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_STEP_H
