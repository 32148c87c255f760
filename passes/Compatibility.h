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
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/ValueHandle.h"
#include <optional>

namespace inline_helpers {

/// Why a helper stays a call.
enum class LeftReason {
#define REASON(Enumerator, Name, Sentence) Enumerator,
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
};

/// What a rule says of a function attribute of a helper.
enum class AttributeRule {
  Keep,   ///< It describes the body: it comes along.
  Adapt,  ///< It is the matter of code generation: the crate's is taken.
  Agree,  ///< The caller must have the same, or neither of them has it.
  Refuse, ///< The helper stays a call.
  Special ///< Compatibility.cpp has code for it.
};

/// Returns the rule for the function attribute called \p Name (of either kind,
/// enum or string). One that is in no table is refused.
AttributeRule getAttributeRule(llvm::StringRef Name);

/// Returns the name \p A has in IR, without a value.
llvm::StringRef getAttributeName(llvm::Attribute A);

/// Returns true if \p GV could be imported as far as its name goes: it is a
/// definition that other modules can see.
bool isHelper(const llvm::GlobalValue &GV);

/// What of a crate's module wants a helper.
struct WantedHelper {
  /// In the crate; tracked, as IRMover may replace it.
  llvm::TrackingVH<llvm::Function> Declaration;
  llvm::SmallVector<llvm::CallBase *> Calls; ///< Direct calls.
  bool AddressTaken = false;                 ///< It has uses besides.
  /// Another imported helper names it, so that it may stay a function.
  bool NamedByHelper = false;
};

/// Returns the function of \p M whose code generation attributes stand for the
/// crate's: its first definition that has no more target features than every
/// other, or null if it has none.
llvm::Function *getModelFunction(llvm::Module &M);

/// A helper's definition and all it brings along.
struct HelperClosure {
  llvm::Function *Helper = nullptr;
  /// Definitions with local linkage that it reaches, itself excluded.
  llvm::SetVector<llvm::GlobalValue *> Locals;
  /// Declarations, and definitions other modules can see, that it reaches.
  llvm::SetVector<llvm::GlobalValue *> Externals;

  /// The helper and the local functions it reaches.
  llvm::SmallVector<llvm::Function *> functions() const;
};

/// Reads the body of \p Helper and of every local function it reaches.
llvm::Expected<HelperClosure> materializeClosure(const HelperLibrary &Library,
                                                 llvm::Function &Helper);

/// The target features that every definition of a module has.
class FeatureBaseline {
public:
  explicit FeatureBaseline(const llvm::Module &M);
  /// Returns true if \p F has a feature, or a CPU, that the module's other
  /// definitions do not all have.
  bool isExceededBy(const llvm::Function &F) const;

private:
  bool SameCPU = true;
  std::string CPU;
  llvm::StringSet<> Features;
};

/// Returns true if the code of \p F depends on target features that \p
/// Baseline, its library's, does not say: a target intrinsic, a value in a
/// vector register across a call, or features of its own.
bool dependsOnFeatures(const llvm::Function &F,
                       const FeatureBaseline &Baseline);

/// Answers "may these two be inlined as far as the target goes?".
using TargetQuery = llvm::function_ref<const llvm::TargetTransformInfo &(
    llvm::Function &Caller)>;

/// Decides whether the helper of \p Closure may be imported for \p Wanted.
///
/// \param Baseline of the helper's library.
/// \param GetTTI gives the target's view from a function of the crate.
/// \returns nothing if it may, else why it stays a call.
std::optional<Left> judge(const WantedHelper &Wanted,
                          const HelperClosure &Closure,
                          const FeatureBaseline &Baseline, TargetQuery GetTTI);

/// Returns true if \p Helper, which is imported and was judged as a function of
/// its own, may be inlined into \p Caller, which it was not judged for: its
/// call came there with the body of another helper.
bool mayInlineNested(const llvm::Function &Helper, const llvm::Function &Caller,
                     const llvm::TargetTransformInfo &TTI);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_COMPATIBILITY_H
