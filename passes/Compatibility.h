//===- Compatibility.h - May this helper be imported here? ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Judges a helper against the calls that want it. What is not known to be
/// safe stays a call, with a reason of the list in Reasons.def.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_COMPATIBILITY_H
#define INLINE_HELPERS_PASSES_COMPATIBILITY_H

#include "passes/HelperLibrary.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/ValueHandle.h"
#include <optional>

namespace inline_helpers {

class FeatureBaseline;

/// Why a helper stays a call.
enum class LeftReason {
#define REASON(Enumerator, ...) Enumerator,
#include "passes/Reasons.def"
};

/// Returns the reason's short name, such as "red-zone".
llvm::StringRef getReasonName(LeftReason Reason);

/// Returns the sentence that says the reason to a person.
llvm::StringRef getReasonSentence(LeftReason Reason);

/// A reason, and what in the helper it is about ("sanitize_address").
struct Left {
  LeftReason Reason;
  std::string Detail; ///< May be empty.

  /// The sentence, with the detail in brackets and the reason's name.
  std::string message() const;

  bool operator==(const Left &Other) const {
    return Reason == Other.Reason && Detail == Other.Detail;
  }
};

/// Returns true if \p GV could be imported as far as its name goes: it is a
/// definition that other modules can see.
bool isHelper(const llvm::GlobalValue &GV);

/// What of a crate's module wants a helper.
struct WantedHelper {
  /// In the crate; tracked, as a definition may take its place.
  llvm::TrackingVH<llvm::Function> Declaration;
  llvm::SmallVector<llvm::CallBase *> Calls; ///< Direct calls.
  bool AddressTaken = false;                 ///< It has uses besides.
  /// Another imported helper names it, so that it may stay a function.
  bool NamedByHelper = false;

  /// Returns true if it may be named where it cannot be inlined.
  bool needsCopy() const { return AddressTaken || NamedByHelper; }
};

/// A helper's definition and all it brings along.
struct HelperClosure {
  llvm::Function *Helper = nullptr;
  /// Definitions with local linkage that it reaches, itself excluded.
  llvm::SmallSetVector<llvm::GlobalValue *, 4> Locals;
  /// Declarations, and definitions other modules can see, that it reaches.
  llvm::SmallSetVector<llvm::GlobalValue *, 4> Externals;

  /// The helper and the local functions it reaches.
  llvm::SmallVector<llvm::Function *> functions() const;
};

/// Calls \p Use for each global value that \p Root names, through constants.
void forEachReference(const llvm::User &Root,
                      llvm::function_ref<void(llvm::GlobalValue &)> Use);

/// Returns the closure of \p Helper, whose module's bodies are read.
HelperClosure getClosure(llvm::Function &Helper);

/// Returns true if a copy of \p Local, of \p Closure, would not do in its
/// place: it has state, a section of its own, or an address that is given away.
bool needsOriginal(const llvm::GlobalObject &Local,
                   const HelperClosure &Closure);

/// Reads the body of \p Helper and of every local function it reaches.
llvm::Expected<HelperClosure> materializeClosure(const HelperLibrary &Library,
                                                 llvm::Function &Helper);

/// Returns true if the rules for what may be inlined are known for \p Target. A
/// module that names none is LLVM's own way to say that it does not matter.
bool isKnownArchitecture(const llvm::Triple &Target);

/// Returns true if \p M is compiled for where a kernel on x86 is: the top 2 GiB
/// of addresses.
bool isForKernel(const llvm::Module &M);

/// Answers "may these two be inlined as far as the target goes?".
using TargetQuery = llvm::function_ref<const llvm::TargetTransformInfo &(
    llvm::Function &Caller)>;

/// A call that stays one, and why.
struct LeftCall {
  llvm::CallBase *Call;
  Left Why;
};

/// What becomes of the uses of one wanted helper. Callers differ: one call may
/// be inlined and another stay.
struct Judgement {
  llvm::SmallVector<llvm::CallBase *> Inlined; ///< To be inlined.
  llvm::SmallVector<LeftCall> Left; ///< They keep calling the symbol.
  /// Why no copy may take the symbol's place where the helper is named and not
  /// inlined; nothing: it may, if there is such a place.
  std::optional<inline_helpers::Left> NoCopy;

  /// Returns true if the definition is of use to the crate.
  bool isImported(const WantedHelper &Wanted) const {
    return !Inlined.empty() || (Wanted.needsCopy() && !NoCopy);
  }
};

/// What judge looks at besides a helper and its calls.
struct JudgeContext {
  const FeatureBaseline &Baseline; ///< Of the helper's library.
  llvm::Function *Model;           ///< See getModelFunction; may be null.
  TargetQuery GetTTI; ///< The target, seen from a crate's function.
  llvm::StringRef ModuleName = {}; ///< For KBUILD_MODNAME; empty: not known.
};

/// Judges each use of \p Wanted by itself.
Judgement judge(const WantedHelper &Wanted, const HelperClosure &Closure,
                const JudgeContext &Context);

/// Judges whether \p Call, which came into its caller with the body of another
/// helper, may be inlined; it is a direct call of an imported helper.
///
/// \param TTI the target, seen from the caller.
/// \returns nothing if it may, else why that call stays.
std::optional<Left> judgeNested(const llvm::CallBase &Call,
                                const llvm::TargetTransformInfo &TTI);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_COMPATIBILITY_H
