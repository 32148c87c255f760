//===- CompatibilityRules.h - What becomes of each property -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The rules of CompatibilityRules.def for attributes, module flags and
/// linkages, and the judgements that follow from them alone.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_COMPATIBILITYRULES_H
#define INLINE_HELPERS_PASSES_COMPATIBILITYRULES_H

#include "passes/Compatibility.h"

namespace inline_helpers {

/// Where an attribute is.
enum class AttributePosition { Function, Parameter, Result, Variable };

/// What becomes of an attribute of a helper, or of a function it reaches.
enum class AttributeRule {
  Keep,      ///< It describes body, value or callee: it comes along.
  Adapt,     ///< It is the matter of code generation: the crate's is taken.
  Agree,     ///< The caller has the same, or neither of them has it.
  Neither,   ///< Neither helper nor caller may have it.
  Refuse,    ///< The helper stays a call.
  Signature, ///< It is the ABI's: call and definition must fit.
  Special    ///< There is code for it; the table says where.
};

/// Returns the rule for the attribute called \p Name (of either kind, enum or
/// string) at \p Position. One that is not in the table is refused.
AttributeRule getAttributeRule(AttributePosition Position,
                               llvm::StringRef Name);

/// Returns the name \p A has in IR, without a value.
llvm::StringRef getAttributeName(llvm::Attribute A);

/// Judges the attributes of \p F, one of the functions a helper consists of,
/// of its parameters, its result and its calls, whoever the caller is.
std::optional<Left> judgeAttributes(const llvm::Function &F);

/// Judges the attributes of \p Variable, which a helper reaches, and its marks
/// for sanitizers.
std::optional<Left> judgeAttributes(const llvm::GlobalVariable &Variable);

/// Judges whether \p F and \p Caller agree in the attributes that demand it.
std::optional<Left> judgeAgreement(const llvm::Function &F,
                                   const llvm::Function &Caller);

/// What a flag of a library's module means for its helpers. A flag is on if it
/// is there and not 0 (clang 22 writes 2 where it wrote 1).
enum class ModuleFlagRule {
  Neutral,    ///< It says nothing of a body, or the crate's holds.
  Adopt,      ///< As Neutral; a kernel's crate that imports takes it over.
  Agree,      ///< It is on in both modules, or in neither.
  Equal,      ///< It has the same value in both; absent is 0.
  NoConflict, ///< It has the same value where both modules have it.
  Refuse      ///< It is on in neither module.
};

/// Returns the rule for the module flag called \p Name, or nothing if it is not
/// in the table.
std::optional<ModuleFlagRule> getModuleFlagRule(llvm::StringRef Name);

/// Judges whether the module flags of \p Library permit to import from it into
/// \p Crate. Both are of one context.
///
/// \returns why every helper of the library stays a call: a flag that must
///          agree and does not, a refused one, or one of the library that no
///          rule knows.
std::optional<Left> judgeModuleFlags(const llvm::Module &Library,
                                     const llvm::Module &Crate);

/// What the linkage of a function means for importing it by its name.
enum class HelperLinkage { Import, Interposable, Unseen };

/// What becomes of a global value that a helper reaches.
enum class ReachedLinkage { Copy, Refer, Refuse };

/// \returns the rule for helpers of \p Linkage.
HelperLinkage getHelperLinkage(llvm::GlobalValue::LinkageTypes Linkage);

/// \returns the rule for what helpers reach of \p Linkage.
ReachedLinkage getReachedLinkage(llvm::GlobalValue::LinkageTypes Linkage);

/// Returns true if assembly in a function with the target feature \p Name needs
/// no check: every CPU of the architecture has it, or it gives no instruction.
bool isBaseFeature(llvm::StringRef Name);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_COMPATIBILITYRULES_H
