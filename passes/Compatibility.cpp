//===- Compatibility.cpp - May this helper be imported here? --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Compatibility.h"
#include "passes/LLVMVersion.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Regex.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Reasons
//===----------------------------------------------------------------------===//

StringRef inline_helpers::getReasonName(LeftReason Reason) {
  switch (Reason) {
#define REASON(Enumerator, Name, Sentence)                                     \
  case LeftReason::Enumerator:                                                 \
    return Name;
#include "passes/Reasons.def"
  }
  llvm_unreachable("no such reason");
}

StringRef inline_helpers::getReasonSentence(LeftReason Reason) {
  switch (Reason) {
#define REASON(Enumerator, Name, Sentence)                                     \
  case LeftReason::Enumerator:                                                 \
    return Sentence;
#include "passes/Reasons.def"
  }
  llvm_unreachable("no such reason");
}

std::string Left::message() const {
  std::string Text = getReasonSentence(Reason).str();
  if (!Detail.empty())
    Text += " (" + Detail + ")";
  return Text + " [" + getReasonName(Reason).str() + "]";
}

static Left left(LeftReason Reason, const Twine &Detail = "") {
  return Left{Reason, Detail.str()};
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

AttributeRule inline_helpers::getAttributeRule(StringRef Name) {
  static const StringMap<AttributeRule> Rules = {
#define ATTRIBUTE(Rule, Name) {Name, AttributeRule::Rule},
#include "passes/AttributeRules.def"
  };
  if (Name.starts_with("no-builtin-"))
    return AttributeRule::Special;
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

/// Returns true if code generation for \p F cannot use floating-point or
/// vector registers anyway.
static bool hasNoFloatRegisters(const Function &F) {
  SmallVector<StringRef, 32> Features;
  F.getFnAttribute("target-features").getValueAsString().split(Features, ',');
  return is_contained(Features, "+soft-float") ||
         is_contained(Features, "-neon");
}

/// Judges the attributes of \p F, one of the functions a helper consists of,
/// against a caller.
static std::optional<Left> judgeAttributes(const Function &F,
                                           const Function &Caller) {
  AttributeSet Ours = F.getAttributes().getFnAttrs();
  AttributeSet Theirs = Caller.getAttributes().getFnAttrs();
  for (Attribute A : Ours) {
    StringRef Name = getAttributeName(A);
    switch (getAttributeRule(Name)) {
    case AttributeRule::Keep:
    case AttributeRule::Adapt:
    case AttributeRule::Special:
      break;
    case AttributeRule::Agree:
      if (!agree(A, getSameKind(Theirs, A)))
        return left(LeftReason::AttributeMismatch, Name);
      break;
    case AttributeRule::Refuse:
      return left(LeftReason::Attribute, Name);
    }
  }
  for (Attribute A : Theirs)
    if (getAttributeRule(getAttributeName(A)) == AttributeRule::Agree &&
        !agree(A, getSameKind(Ours, A)))
      return left(LeftReason::AttributeMismatch, getAttributeName(A));
  if (F.hasFnAttribute(Attribute::NoImplicitFloat) &&
      !Caller.hasFnAttribute(Attribute::NoImplicitFloat) &&
      !hasNoFloatRegisters(Caller))
    return left(LeftReason::AttributeMismatch, "noimplicitfloat");
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Closure
//===----------------------------------------------------------------------===//

bool inline_helpers::isHelper(const GlobalValue &GV) {
  return !GV.isDeclaration() && !GV.hasLocalLinkage() &&
         !GV.getName().starts_with("llvm.");
}

SmallVector<Function *> HelperClosure::functions() const {
  SmallVector<Function *> Result = {Helper};
  for (GlobalValue *GV : Locals)
    if (auto *F = dyn_cast<Function>(GV))
      Result.push_back(F);
  return Result;
}

/// Adds to \p Closure the global values that \p Root names, through constants.
static void addReferences(const User &Root, HelperClosure &Closure) {
  SmallVector<const User *, 16> Worklist = {&Root};
  SmallPtrSet<const User *, 16> Visited;
  while (!Worklist.empty()) {
    for (Value *Operand : Worklist.pop_back_val()->operands()) {
      auto *C = dyn_cast_or_null<Constant>(Operand);
      if (!C || !Visited.insert(C).second)
        continue;
      auto *GV = dyn_cast<GlobalValue>(C);
      if (!GV)
        Worklist.push_back(C);
      else if (GV == Closure.Helper)
        continue;
      else if (GV->hasLocalLinkage())
        Closure.Locals.insert(GV);
      else
        Closure.Externals.insert(GV);
    }
  }
}

Expected<HelperClosure>
inline_helpers::materializeClosure(const HelperLibrary &Library,
                                   Function &Helper) {
  HelperClosure Closure;
  Closure.Helper = &Helper;
  GlobalValue *Current = &Helper;
  for (size_t Next = 0;; Current = Closure.Locals[Next++]) {
    if (auto *F = dyn_cast<Function>(Current)) {
      if (Error E = Library.materialize(*F))
        return E;
      for (Instruction &I : instructions(*F))
        addReferences(I, Closure);
    }
    addReferences(*Current, Closure);
    if (Next == Closure.Locals.size())
      return Closure;
  }
}

//===----------------------------------------------------------------------===//
// Target
//===----------------------------------------------------------------------===//

static SmallVector<StringRef, 32> getEnabledFeatures(const Function &F) {
  SmallVector<StringRef, 32> Features;
  F.getFnAttribute("target-features").getValueAsString().split(Features, ',');
  erase_if(Features, [](StringRef Name) { return !Name.starts_with("+"); });
  return Features;
}

FeatureBaseline::FeatureBaseline(const Module &M) {
  bool First = true;
  // Functions of one attribute group share one set.
  DenseSet<AttributeSet> Seen;
  for (const Function &F : M) {
    if (F.isDeclaration() ||
        !Seen.insert(F.getAttributes().getFnAttrs()).second)
      continue;
    SmallVector<StringRef, 32> Enabled = getEnabledFeatures(F);
    StringRef ThisCPU = F.getFnAttribute("target-cpu").getValueAsString();
    if (First) {
      CPU = ThisCPU.str();
      Features.insert(Enabled.begin(), Enabled.end());
      First = false;
      continue;
    }
    SameCPU &= CPU == ThisCPU;
    StringSet<> Common;
    for (StringRef Name : Enabled)
      if (Features.contains(Name))
        Common.insert(Name);
    Features = std::move(Common);
  }
}

bool FeatureBaseline::isExceededBy(const Function &F) const {
  return !SameCPU || any_of(getEnabledFeatures(F), [&](StringRef Name) {
    return !Features.contains(Name);
  });
}

static bool isFloatOrVector(const Type *Ty) {
  if (const auto *Struct = dyn_cast<StructType>(Ty))
    return any_of(Struct->elements(), isFloatOrVector);
  return Ty->isFloatingPointTy() || Ty->isVectorTy();
}

/// Returns true if a call hands floating-point or vector values through the
/// registers of one particular target: what they are depends on its features.
static bool usesFloatRegisters(const CallBase &CB) {
  return isFloatOrVector(CB.getType()) || any_of(CB.args(), [](const Use &U) {
           return isFloatOrVector(U->getType());
         });
}

/// Says what in \p F depends on the target features it was compiled for, if
/// anything does. Its library's baseline does not count: the crate's replaces
/// it.
static std::optional<Left> findFeatureUse(const Function &F,
                                          const FeatureBaseline &Baseline) {
  if (Baseline.isExceededBy(F))
    return left(LeftReason::TargetFeatures, F.getName());
  for (const Instruction &I : instructions(F)) {
    const auto *CB = dyn_cast<CallBase>(&I);
    if (!CB)
      continue;
    if (isTargetIntrinsic(CB->getIntrinsicID()))
      return left(LeftReason::TargetFeatures,
                  CB->getCalledFunction()->getName());
    if (CB->isInlineAsm() && usesFloatRegisters(*CB))
      return left(LeftReason::InlineAsm);
    if (!isa<IntrinsicInst>(CB) && usesFloatRegisters(*CB))
      return left(LeftReason::TargetFeatures,
                  "a call with floating-point or vector values");
  }
  return std::nullopt;
}

bool inline_helpers::dependsOnFeatures(const Function &F,
                                       const FeatureBaseline &Baseline) {
  return findFeatureUse(F, Baseline).has_value();
}

/// Judges whether the body of \p F can be code for the target of \p Caller:
/// it does not depend on features, or the caller has them. The target is asked
/// last, as its answer takes the parsing of both functions' features.
static std::optional<Left> judgeTarget(const Function &F, Function &Caller,
                                       const FeatureBaseline &Baseline,
                                       TargetQuery GetTTI) {
  std::optional<Left> Found = findFeatureUse(F, Baseline);
  if (Found && GetTTI(Caller).areInlineCompatible(&Caller, &F))
    return std::nullopt;
  return Found;
}

//===----------------------------------------------------------------------===//
// Signature
//===----------------------------------------------------------------------===//

/// Returns the attribute of kind \p Kind that counts for argument or return
/// value \p Index of a call: its own, or the declaration's.
static Attribute getAttributeOfCall(const CallBase &CB, unsigned Index,
                                    Attribute::AttrKind Kind,
                                    const Function &Declaration) {
  Attribute A = CB.getAttributes().getAttributeAtIndex(Index, Kind);
  return A.isValid()
             ? A
             : Declaration.getAttributes().getAttributeAtIndex(Index, Kind);
}

static bool isSameABI(Attribute A, Attribute B, const DataLayout &DL) {
  if (A.isValid() != B.isValid())
    return false;
  if (!A.isValid() || A == B)
    return true;
  // Rust and C name the type of a sret or byval argument differently.
  return A.isTypeAttribute() && A.getValueAsType() && B.getValueAsType() &&
         DL.getTypeAllocSize(A.getValueAsType()) ==
             DL.getTypeAllocSize(B.getValueAsType());
}

/// Judges whether \p CB calls \p Helper as it is defined. LLVM links a wrong
/// signature without a word, and never inlines it.
static std::optional<Left> judgeSignature(const CallBase &CB,
                                          const Function &Declaration,
                                          const Function &Helper) {
  if (CB.getFunctionType() != Helper.getFunctionType())
    return left(LeftReason::Signature);
  if (CB.getCallingConv() != Helper.getCallingConv())
    return left(LeftReason::Signature, "calling convention");
  static constexpr Attribute::AttrKind Kinds[] = {
      Attribute::ByRef,      Attribute::ByVal,          Attribute::InAlloca,
      Attribute::InReg,      Attribute::Nest,           Attribute::Preallocated,
      Attribute::SExt,       Attribute::StackAlignment, Attribute::StructRet,
      Attribute::SwiftAsync, Attribute::SwiftError,     Attribute::SwiftSelf,
      Attribute::ZExt};
  const DataLayout &DL = CB.getModule()->getDataLayout();
  for (unsigned Index = 0, E = CB.arg_size() + 1; Index != E; ++Index) {
    for (Attribute::AttrKind Kind : Kinds) {
      Attribute Given = getAttributeOfCall(CB, Index, Kind, Declaration);
      Attribute Defined =
          Helper.getAttributes().getAttributeAtIndex(Index, Kind);
      if (Kind == Attribute::SExt || Kind == Attribute::ZExt) {
        // Who reads a value may assume no more than who writes it ensures;
        // rustc ensures more than it assumes.
        bool IsResult = Index == AttributeList::ReturnIndex;
        Attribute Assumed = IsResult ? Given : Defined;
        Attribute Ensured = IsResult ? Defined : Given;
        if (!Assumed.isValid() || Ensured.isValid())
          continue;
      } else if (isSameABI(Given, Defined, DL)) {
        continue;
      }
      return left(LeftReason::Signature, Attribute::getNameFromAttrKind(Kind));
    }
    if (Index == AttributeList::ReturnIndex ||
        !Helper.getAttributes()
             .getAttributeAtIndex(Index, Attribute::ByVal)
             .isValid())
      continue;
    if (CB.getParamAlign(Index - 1) != Helper.getParamAlign(Index - 1))
      return left(LeftReason::Signature, "byval alignment");
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Body
//===----------------------------------------------------------------------===//

/// Returns true if \p Assembly, once repeated, defines a symbol twice: it has
/// a directive for global symbols, or a label that is neither a number nor
/// made unique by %= (`${:uid}` in IR).
static bool definesSymbol(StringRef Assembly) {
  static const Regex Symbol(
      "(^|[\n;])[ \t]*([0-9]+:[ \t]*)*"
      "(\\.(globa?l|weak|set|equ)[ \t]+[A-Za-z0-9_.$\"]+($|[^A-Za-z0-9_.$\"{])|"
      "[A-Za-z_.$\"][A-Za-z0-9_.$\"]*[ \t]*:)");
  return Symbol.match(Assembly);
}

static std::optional<Left> judgeBody(const Function &F) {
  if (F.isVarArg())
    return left(LeftReason::VarArgs, F.getName());
  if (F.hasPersonalityFn())
    return left(LeftReason::Personality, F.getName());
  if (F.hasPrefixData() || F.hasPrologueData() || F.hasGC())
    return left(LeftReason::NotAFunction, F.getName());
  for (const Instruction &I : instructions(F)) {
    const auto *CB = dyn_cast<CallBase>(&I);
    if (!CB)
      continue;
    // Nothing depends on where is.constant is executed: LLVM marks it
    // convergent only to keep it from being moved before it is folded
    // (Intrinsics.td).
    bool IsConvergent =
        CB->isConvergent() && CB->getIntrinsicID() != Intrinsic::is_constant;
    if (CB->cannotDuplicate() || IsConvergent)
      return left(LeftReason::NotInlinable,
                  CB->cannotDuplicate() ? "noduplicate" : "convergent");
    switch (CB->getIntrinsicID()) {
    case Intrinsic::addressofreturnaddress:
    case Intrinsic::frameaddress:
    case Intrinsic::returnaddress:
    case Intrinsic::sponentry:
      return left(LeftReason::ReturnAddress,
                  CB->getCalledFunction()->getName());
    default:
      break;
    }
    if (const auto *Asm = dyn_cast<InlineAsm>(CB->getCalledOperand()))
      if (definesSymbol(Asm->getAsmString()))
        return left(LeftReason::InlineAsm, "it defines a symbol");
  }
  return std::nullopt;
}

/// Judges what the helper brings along and what it refers to.
static std::optional<Left> judgeReach(const HelperClosure &Closure) {
  StringRef ModuleAsm = Closure.Helper->getParent()->getModuleInlineAsm();
  for (const GlobalValue *GV : Closure.Locals) {
    if (GV->isThreadLocal())
      return left(LeftReason::ThreadLocal, GV->getName());
    const auto *Object = dyn_cast<GlobalObject>(GV);
    if (!Object)
      return left(LeftReason::NotAFunction, GV->getName());
    if (Object->hasSection() || Object->hasComdat())
      return left(LeftReason::Section, GV->getName());
    const auto *Variable = dyn_cast<GlobalVariable>(GV);
    if (Variable && !Variable->isConstant())
      return left(LeftReason::MutableState, GV->getName());
  }
  for (const GlobalValue *GV : Closure.Externals) {
    if (GV->isThreadLocal())
      return left(LeftReason::ThreadLocal, GV->getName());
    if (GV->isDeclaration() && ModuleAsm.contains(GV->getName()) &&
        !GV->getName().starts_with("llvm."))
      return left(LeftReason::ModuleAsm, GV->getName());
  }
  return std::nullopt;
}

/// Returns true if an operand of inline assembly in \p F is the address of a
/// symbol as an immediate (constraint "i"), which takes code for a fixed
/// address.
static bool hasAddressImmediate(const Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    const auto *CB = dyn_cast<CallBase>(&I);
    if (!CB || !CB->isInlineAsm())
      return false;
    return any_of(CB->args(), [&](const Use &U) {
      // An operand in memory ("*m") has an element type.
      return U->getType()->isPointerTy() &&
             !CB->getParamElementType(CB->getArgOperandNo(&U)) &&
             isa<GlobalValue>(U->stripInBoundsConstantOffsets());
    });
  });
}

static bool hasInlineAsm(const HelperClosure &Closure) {
  return any_of(Closure.functions(), [](const Function *F) {
    return any_of(instructions(*F), [](const Instruction &I) {
      const auto *CB = dyn_cast<CallBase>(&I);
      return CB && CB->isInlineAsm();
    });
  });
}

/// Judges the helper alone, whoever calls it.
static std::optional<Left> judgeHelper(const HelperClosure &Closure) {
  Function &Helper = *Closure.Helper;
  if (Helper.isInterposable())
    return left(LeftReason::Interposable);
  if (Helper.hasSection())
    return left(LeftReason::Section, Helper.getSection());
  if (Helper.hasFnAttribute(Attribute::NoInline))
    return left(LeftReason::NoInline,
                Helper.hasOptNone() ? "compiled without optimisation" : "");
  for (const Function *F : Closure.functions())
    if (std::optional<Left> Found = judgeBody(*F))
      return Found;
  if (std::optional<Left> Found = judgeReach(Closure))
    return Found;
  if (InlineResult Result = isInlineViable(Helper); !Result.isSuccess())
    return left(LeftReason::NotInlinable, Result.getFailureReason());
  return std::nullopt;
}

Function *inline_helpers::getModelFunction(Module &M) {
  // One with #[target_feature] is no model: the copy of a helper may run where
  // those features are not.
  FeatureBaseline Baseline(M);
  for (Function &F : M)
    if (!F.isDeclaration() && !Baseline.isExceededBy(F))
      return &F;
  return nullptr;
}

std::optional<Left> inline_helpers::judge(const WantedHelper &Wanted,
                                          const HelperClosure &Closure,
                                          const FeatureBaseline &Baseline,
                                          TargetQuery GetTTI) {
  if (std::optional<Left> Found = judgeHelper(Closure))
    return Found;
  // The crate asks whether there is such a symbol, which is the linker's to
  // say.
  if (Wanted.Declaration->hasExternalWeakLinkage())
    return left(LeftReason::Interposable, "extern_weak");
  auto IsPIC = [](const GlobalValue &GV) {
    return GV.getParent()->getPICLevel() != PICLevel::NotPIC;
  };
  // A module flag; the checks are at indirect calls and before functions.
  auto HasKCFI = [](const GlobalValue &GV) {
    return GV.getParent()->getModuleFlag("kcfi") != nullptr;
  };
  if (HasKCFI(*Closure.Helper) != HasKCFI(*Wanted.Declaration))
    return left(LeftReason::AttributeMismatch, "kcfi");
  if (IsPIC(*Wanted.Declaration) && !IsPIC(*Closure.Helper) &&
      any_of(Closure.functions(),
             [](const Function *F) { return hasAddressImmediate(*F); }))
    return left(LeftReason::InlineAsm, "an address is an immediate");
  // A push in the helper's assembly may overwrite the caller's red zone.
  bool NeedsNoRedZone = Closure.Helper->hasFnAttribute(Attribute::NoRedZone) &&
                        hasInlineAsm(Closure);
  auto JudgeFor = [&](Function &Caller) -> std::optional<Left> {
    if (NeedsNoRedZone && !Caller.hasFnAttribute(Attribute::NoRedZone))
      return left(LeftReason::RedZone);
    for (const Function *F : Closure.functions()) {
      if (std::optional<Left> Found = judgeAttributes(*F, Caller))
        return Found;
      if (std::optional<Left> Found = judgeTarget(*F, Caller, Baseline, GetTTI))
        return Found;
    }
    return std::nullopt;
  };
  // What stays a function is compiled like the crate's others.
  if (Wanted.AddressTaken || Wanted.NamedByHelper ||
      Closure.functions().size() > 1) {
    Function *Model = getModelFunction(*Wanted.Declaration->getParent());
    if (!Model)
      return left(LeftReason::AttributeMismatch,
                  "the crate has no function to compile its copy like");
    if (std::optional<Left> Found = JudgeFor(*Model))
      return Found;
  }
  // Callers with the same attributes get the same answer.
  DenseSet<AttributeSet> Judged;
  for (CallBase *CB : Wanted.Calls) {
    if (std::optional<Left> Found =
            judgeSignature(*CB, *Wanted.Declaration, *Closure.Helper))
      return Found;
    if (CB->isMustTailCall() || CB->hasOperandBundles() || CB->isNoInline())
      return left(LeftReason::NotInlinable, "the call forbids it");
    Function &Caller = *CB->getCaller();
    if (!Judged.insert(Caller.getAttributes().getFnAttrs()).second)
      continue;
    if (std::optional<Left> Found = JudgeFor(Caller))
      return Found;
  }
  return std::nullopt;
}

bool inline_helpers::mayInlineNested(const Function &Helper,
                                     const Function &Caller,
                                     const TargetTransformInfo &TTI) {
  return !judgeAttributes(Helper, Caller) &&
         TTI.areInlineCompatible(&Caller, &Helper) &&
         (!Helper.hasFnAttribute(Attribute::NoRedZone) ||
          Caller.hasFnAttribute(Attribute::NoRedZone));
}
