//===- CompatibilityRules.cpp - What becomes of each property -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/CompatibilityRules.h"
#include "llvm/ADT/FloatingPointMode.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/CodeGen/StackProtector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

static const StringMap<AttributeRule> &getRules(AttributePosition Position) {
  static const StringMap<AttributeRule> OfFunctions = {
#define FUNCTION_ATTRIBUTE(Rule, Name) {Name, AttributeRule::Rule},
#include "passes/CompatibilityRules.def"
  };
  static const StringMap<AttributeRule> OfParameters = {
#define PARAMETER_ATTRIBUTE(Rule, Name) {Name, AttributeRule::Rule},
#include "passes/CompatibilityRules.def"
  };
  static const StringMap<AttributeRule> OfResults = {
#define RESULT_ATTRIBUTE(Rule, Name) {Name, AttributeRule::Rule},
#include "passes/CompatibilityRules.def"
  };
  static const StringMap<AttributeRule> OfVariables = {
#define VARIABLE_ATTRIBUTE(Rule, Name) {Name, AttributeRule::Rule},
#include "passes/CompatibilityRules.def"
  };
  switch (Position) {
  case AttributePosition::Function:
    return OfFunctions;
  case AttributePosition::Parameter:
    return OfParameters;
  case AttributePosition::Result:
    return OfResults;
  case AttributePosition::Variable:
    return OfVariables;
  }
  llvm_unreachable("no such position");
}

AttributeRule inline_helpers::getAttributeRule(AttributePosition Position,
                                               StringRef Name) {
  if (Position == AttributePosition::Function &&
      Name.starts_with("no-builtin-"))
    return AttributeRule::Special;
  const StringMap<AttributeRule> &Rules = getRules(Position);
  auto It = Rules.find(Name);
  return It == Rules.end() ? AttributeRule::Refuse : It->second;
}

StringRef inline_helpers::getAttributeName(Attribute A) {
  return A.isStringAttribute()
             ? A.getKindAsString()
             : Attribute::getNameFromAttrKind(A.getKindAsEnum());
}

static Attribute getSameKind(AttributeSet Set, Attribute A) {
  return A.isStringAttribute() ? Set.getAttribute(A.getKindAsString())
                               : Set.getAttribute(A.getKindAsEnum());
}

/// Returns true if \p A is there and says something: "false" and "none" are
/// how a front end spells that it does not.
static bool isGiven(Attribute A) {
  return A.isValid() &&
         !(A.isStringAttribute() &&
           (A.getValueAsString() == "false" || A.getValueAsString() == "none"));
}

static bool agree(Attribute A, Attribute B) {
  return isGiven(A) == isGiven(B) && (!isGiven(A) || A == B);
}

static bool isRefused(StringRef Name, AttributePosition Position) {
  AttributeRule Rule = getAttributeRule(Position, Name);
  return Rule == AttributeRule::Refuse || Rule == AttributeRule::Neither;
}

/// Returns the first attribute of \p Set that forbids an import wherever the
/// call is.
static std::optional<Left> findRefused(AttributeSet Set,
                                       AttributePosition Position) {
  for (Attribute A : Set)
    if (isRefused(getAttributeName(A), Position))
      return Left{LeftReason::Attribute, getAttributeName(A).str()};
  return std::nullopt;
}

std::optional<Left> inline_helpers::judgeAttributes(const Function &F) {
  AttributeList Attributes = F.getAttributes();
  if (std::optional<Left> Found =
          findRefused(Attributes.getFnAttrs(), AttributePosition::Function))
    return Found;
  if (std::optional<Left> Found =
          findRefused(Attributes.getRetAttrs(), AttributePosition::Result))
    return Found;
  for (const Argument &A : F.args())
    if (std::optional<Left> Found =
            findRefused(Attributes.getParamAttrs(A.getArgNo()),
                        AttributePosition::Parameter))
      return Found;
  for (const Instruction &I : instructions(F)) {
    const auto *CB = dyn_cast<CallBase>(&I);
    if (!CB)
      continue;
    // The enum attributes of calls are of LLVM's own making; those that are
    // about inlining are judged with the body.
    for (Attribute A : CB->getAttributes().getFnAttrs())
      if (A.isStringAttribute() &&
          isRefused(A.getKindAsString(), AttributePosition::Function))
        return Left{LeftReason::Attribute, A.getKindAsString().str()};
  }
  return std::nullopt;
}

std::optional<Left>
inline_helpers::judgeAttributes(const GlobalVariable &Variable) {
  if (std::optional<Left> Found =
          findRefused(Variable.getAttributes(), AttributePosition::Variable))
    return Found;
  if (!Variable.hasSanitizerMetadata())
    return std::nullopt;
  // Attributes in IR's text, and bits in memory.
  GlobalValue::SanitizerMetadata Marks = Variable.getSanitizerMetadata();
  const std::pair<bool, StringRef> Names[] = {
      {bool(Marks.NoAddress), "no_sanitize_address"},
      {bool(Marks.NoHWAddress), "no_sanitize_hwaddress"},
      {bool(Marks.Memtag), "sanitize_memtag"},
      {bool(Marks.IsDynInit), "sanitize_address_dyninit"}};
  for (auto [IsSet, Name] : Names)
    if (IsSet && isRefused(Name, AttributePosition::Variable))
      return Left{LeftReason::Attribute, Name.str()};
  return std::nullopt;
}

/// Returns true if code generation for \p F cannot use floating-point or
/// vector registers anyway.
static bool hasNoFloatRegisters(const Function &F) {
  SmallVector<StringRef, 32> Features;
  F.getFnAttribute("target-features").getValueAsString().split(Features, ',');
  return is_contained(Features, "+soft-float") ||
         is_contained(Features, "-neon");
}

static bool haveSameDenormals(const Function &A, const Function &B) {
  // The formats are asked from types: APFloat's own are variables, which a host
  // with another LLVM lacks.
  LLVMContext &Context = A.getContext();
  return all_of(
      ArrayRef({Type::getFloatTy(Context), Type::getDoubleTy(Context)}),
      [&](const Type *Ty) {
        const fltSemantics &Format = Ty->getFltSemantics();
        return A.getDenormalMode(Format) == B.getDenormalMode(Format);
      });
}

/// Returns how much \p F asks for stack protectors: from not at all to always.
static unsigned getStackProtection(const Function &F) {
  if (F.hasFnAttribute(Attribute::StackProtectReq))
    return 3;
  if (F.hasFnAttribute(Attribute::StackProtectStrong))
    return 2;
  return F.hasFnAttribute(Attribute::StackProtect);
}

/// Returns true if \p F has local variables for which code generation checks
/// its frame, and would not check that of \p Caller for their sake.
static bool losesStackProtector(const Function &F, const Function &Caller) {
  return getStackProtection(F) > getStackProtection(Caller) &&
         any_of(instructions(F), IsaPred<AllocaInst>) &&
         SSPLayoutAnalysis::requiresStackProtector(const_cast<Function *>(&F));
}

std::optional<Left> inline_helpers::judgeAgreement(const Function &F,
                                                   const Function &Caller) {
  AttributeSet Ours = F.getAttributes().getFnAttrs();
  AttributeSet Theirs = Caller.getAttributes().getFnAttrs();
  auto Mismatch = [](StringRef Name) {
    return Left{LeftReason::AttributeMismatch, Name.str()};
  };
  for (Attribute A : Ours)
    if (getAttributeRule(AttributePosition::Function, getAttributeName(A)) ==
            AttributeRule::Agree &&
        !agree(A, getSameKind(Theirs, A)))
      return Mismatch(getAttributeName(A));
  for (Attribute A : Theirs) {
    StringRef Name = getAttributeName(A);
    AttributeRule Rule = getAttributeRule(AttributePosition::Function, Name);
    if (Rule == AttributeRule::Neither ||
        (Rule == AttributeRule::Agree && !agree(A, getSameKind(Ours, A))))
      return Mismatch(Name);
  }
  if (F.hasFnAttribute(Attribute::NoImplicitFloat) &&
      !Caller.hasFnAttribute(Attribute::NoImplicitFloat) &&
      !hasNoFloatRegisters(Caller))
    return Mismatch("noimplicitfloat");
  if (!haveSameDenormals(F, Caller))
    return Mismatch("denormal-fp-math");
  if (losesStackProtector(F, Caller))
    return Mismatch("stack protector");
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Module flags
//===----------------------------------------------------------------------===//

std::optional<ModuleFlagRule>
inline_helpers::getModuleFlagRule(StringRef Name) {
  static const StringMap<ModuleFlagRule> Rules = {
#define MODULE_FLAG(Rule, Name) {Name, ModuleFlagRule::Rule},
#include "passes/CompatibilityRules.def"
  };
  auto It = Rules.find(Name);
  if (It == Rules.end())
    return std::nullopt;
  return It->second;
}

/// Returns the value of the module flag \p Name: null if it is not on.
static const Metadata *getFlagThatIsOn(const Module &M, StringRef Name) {
  Metadata *Flag = M.getModuleFlag(Name);
  auto *Value = mdconst::dyn_extract_or_null<ConstantInt>(Flag);
  return Value && Value->isZero() ? nullptr : Flag;
}

/// Returns true if \p A and \p B have one value, whatever their type is.
static bool haveSameValue(const Metadata *A, const Metadata *B) {
  const auto *X = mdconst::dyn_extract_or_null<ConstantInt>(A);
  const auto *Y = mdconst::dyn_extract_or_null<ConstantInt>(B);
  return X && Y ? APInt::isSameValue(X->getValue(), Y->getValue()) : A == B;
}

std::optional<Left> inline_helpers::judgeModuleFlags(const Module &Library,
                                                     const Module &Crate) {
  SmallVector<Module::ModuleFlagEntry, 16> Flags;
  Library.getModuleFlagsMetadata(Flags);
  for (const Module::ModuleFlagEntry &Flag : Flags)
    if (!getModuleFlagRule(Flag.Key->getString()))
      return Left{LeftReason::ModuleFlag, Flag.Key->getString().str()};
  // A rule of the crate's own that no table knows holds for all code in it.
  SmallVector<Module::ModuleFlagEntry, 16> Theirs;
  Crate.getModuleFlagsMetadata(Theirs);
  Flags.append(Theirs);
  for (const Module::ModuleFlagEntry &Flag : Flags) {
    StringRef Name = Flag.Key->getString();
    const Metadata *A = getFlagThatIsOn(Library, Name);
    const Metadata *B = getFlagThatIsOn(Crate, Name);
    bool Fits = true;
    switch (getModuleFlagRule(Name).value_or(ModuleFlagRule::Neutral)) {
    case ModuleFlagRule::Neutral:
    case ModuleFlagRule::Adopt:
      break;
    case ModuleFlagRule::Agree:
      Fits = !A == !B;
      break;
    case ModuleFlagRule::Equal:
      Fits = haveSameValue(A, B);
      break;
    case ModuleFlagRule::NoConflict:
      Fits = !A || !B || haveSameValue(A, B);
      break;
    case ModuleFlagRule::Refuse:
      if (A || B)
        return Left{LeftReason::ModuleFlag, Name.str()};
      break;
    }
    if (!Fits)
      return Left{LeftReason::ModuleFlagMismatch, Name.str()};
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Linkages and target features
//===----------------------------------------------------------------------===//

HelperLinkage
inline_helpers::getHelperLinkage(GlobalValue::LinkageTypes Linkage) {
  switch (Linkage) {
#define LINKAGE(Linkage, AsHelper, AsReached)                                  \
  case GlobalValue::Linkage:                                                   \
    return HelperLinkage::AsHelper;
#include "passes/CompatibilityRules.def"
  }
  llvm_unreachable("no such linkage");
}

ReachedLinkage
inline_helpers::getReachedLinkage(GlobalValue::LinkageTypes Linkage) {
  switch (Linkage) {
#define LINKAGE(Linkage, AsHelper, AsReached)                                  \
  case GlobalValue::Linkage:                                                   \
    return ReachedLinkage::AsReached;
#include "passes/CompatibilityRules.def"
  }
  llvm_unreachable("no such linkage");
}

bool inline_helpers::isBaseFeature(StringRef Name) {
  static constexpr StringLiteral Names[] = {
#define BASE_FEATURE(Name) Name,
#include "passes/CompatibilityRules.def"
  };
  return is_contained(Names, Name);
}
