//===- TargetFeatures.cpp - CPUs and features of helpers ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/TargetFeatures.h"
#include "passes/CompatibilityRules.h"
#include "passes/LLVMVersion.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Features of functions
//===----------------------------------------------------------------------===//

static StringRef getCPU(const Function &F) {
  return F.getFnAttribute("target-cpu").getValueAsString();
}

/// Returns the names of the features \p Text turns on, each once.
static SmallVector<StringRef, 32> parseFeatures(StringRef Text) {
  SmallVector<StringRef, 32> Features;
  Text.split(Features, ',');
  erase_if(Features, [](StringRef &Name) { return !Name.consume_front("+"); });
  llvm::sort(Features);
  Features.erase(llvm::unique(Features), Features.end());
  return Features;
}

static SmallVector<StringRef, 32> getFeatures(const Function &F) {
  return parseFeatures(F.getFnAttribute("target-features").getValueAsString());
}

static constexpr StringLiteral TargetAttributes[] = {
    "target-cpu", "target-features", "tune-cpu"};

static bool hasTarget(const Function &F) {
  return F.hasFnAttribute("target-cpu") || F.hasFnAttribute("target-features");
}

namespace {
/// Functions with one CPU and the same features.
struct TargetGroup {
  Function *First = nullptr;
  unsigned Count = 0;
};

/// By the attributes, of which a context has each once.
using TargetGroups = MapVector<std::pair<void *, void *>, TargetGroup>;
} // namespace

/// Returns the targets that the definitions of \p M have, in their order.
static TargetGroups getTargetGroups(const Module &M) {
  TargetGroups Groups;
  // Most functions have the attributes of another: strings are searched once.
  DenseMap<AttributeSet, std::pair<void *, void *>> Known;
  for (const Function &F : M) {
    if (F.isDeclaration())
      continue;
    AttributeSet Attributes = F.getAttributes().getFnAttrs();
    auto [It, Inserted] = Known.try_emplace(Attributes);
    if (Inserted)
      It->second = {Attributes.getAttribute("target-cpu").getRawPointer(),
                    Attributes.getAttribute("target-features").getRawPointer()};
    TargetGroup &Group = Groups[It->second];
    if (!Group.First)
      Group.First = const_cast<Function *>(&F);
    ++Group.Count;
  }
  return Groups;
}

static constexpr StringLiteral BaselineName = "inline-helpers.baseline";

void FeatureBaseline::set(Module &Library) const {
  LLVMContext &Context = Library.getContext();
  NamedMDNode *Node = Library.getOrInsertNamedMetadata(BaselineName);
  Node->clearOperands();
  Node->addOperand(MDNode::get(Context, {MDString::get(Context, CPU),
                                         MDString::get(Context, FeatureText),
                                         MDString::get(Context, TuneCPU)}));
}

/// Reads what FeatureBaseline::set has written: CPU, features, CPU to tune for.
static std::optional<std::array<StringRef, 3>> readBaseline(const Module &M) {
  const NamedMDNode *Node = M.getNamedMetadata(BaselineName);
  if (!Node || Node->getNumOperands() == 0)
    return std::nullopt;
  std::array<StringRef, 3> Texts;
  const MDNode *Operands = Node->getOperand(0);
  if (Operands->getNumOperands() != Texts.size())
    return std::nullopt;
  for (auto [Text, Operand] : zip(Texts, Operands->operands()))
    if (const auto *String = dyn_cast_or_null<MDString>(Operand))
      Text = String->getString();
  return Texts;
}

void FeatureBaseline::take(StringRef NewCPU, StringRef NewFeatureText,
                           StringRef NewTuneCPU) {
  CPU = NewCPU;
  FeatureText = NewFeatureText;
  TuneCPU = NewTuneCPU;
  SmallVector<StringRef, 32> Names = parseFeatures(FeatureText);
  Features.insert(Names.begin(), Names.end());
}

FeatureBaseline::FeatureBaseline(const Module &Library) {
  if (auto Known = readBaseline(Library)) {
    auto [KnownCPU, KnownFeatures, KnownTuneCPU] = *Known;
    take(KnownCPU, KnownFeatures, KnownTuneCPU);
    return;
  }
  const Function *Best = nullptr;
  unsigned MostFunctions = 0;
  size_t FewestFeatures = 0;
  for (const auto &[Key, Group] : getTargetGroups(Library)) {
    size_t Count = getFeatures(*Group.First).size();
    // Of two that are as common, the one with fewer features: the other may be
    // what asked for more.
    if (Group.Count < MostFunctions ||
        (Group.Count == MostFunctions && Count >= FewestFeatures))
      continue;
    MostFunctions = Group.Count;
    FewestFeatures = Count;
    Best = Group.First;
  }
  auto Get = [&](StringRef Name) {
    return Best->getFnAttribute(Name).getValueAsString();
  };
  if (Best)
    take(Get("target-cpu"), Get("target-features"), Get("tune-cpu"));
}

void FeatureBaseline::dropTargets(Module &Library) const {
  for (Function &F : Library)
    if (F.isDeclaration() || !findUse(F))
      for (StringRef Name : TargetAttributes)
        F.removeFnAttr(Name);
}

void FeatureBaseline::restoreTargets(Module &Library) const {
  StringRef Values[] = {CPU, FeatureText, TuneCPU};
  for (Function &F : Library)
    if (!F.isDeclaration() && !hasTarget(F))
      for (auto [Name, Value] : zip(TargetAttributes, Values))
        if (!Value.empty())
          F.addFnAttr(Name, Value);
  if (NamedMDNode *Node = Library.getNamedMetadata(BaselineName))
    Library.eraseNamedMetadata(Node);
}

bool FeatureBaseline::isExceededBy(const Function &F) const {
  return hasTarget(F) &&
         (CPU != getCPU(F) || any_of(getFeatures(F), [&](StringRef Name) {
            return !Features.contains(Name);
          }));
}

Function *inline_helpers::getModelFunction(Module &M) {
  TargetGroups Groups = getTargetGroups(M);
  StringMap<unsigned> Counts;
  for (auto &[Key, Group] : Groups) {
    if (getCPU(*Group.First) != getCPU(*Groups.front().second.First))
      return nullptr;
    for (StringRef Name : getFeatures(*Group.First))
      ++Counts[Name];
  }
  for (auto &[Key, Group] : Groups)
    if (all_of(getFeatures(*Group.First),
               [&](StringRef Name) { return Counts[Name] == Groups.size(); }))
      return Group.First;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// What depends on features
//===----------------------------------------------------------------------===//

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

/// Returns true if \p I has a scalable vector, which not every CPU can hold.
static bool usesScalableVector(const Instruction &I) {
  const auto *Alloca = dyn_cast<AllocaInst>(&I);
  return (Alloca && Alloca->getAllocatedType()->isScalableTy()) ||
         I.getType()->isScalableTy() || any_of(I.operands(), [](const Use &U) {
           return U->getType()->isScalableTy();
         });
}

static std::optional<Left> findFeatureUse(const Function &F,
                                          const FeatureBaseline &Baseline) {
  auto Needs = [](LeftReason Reason, const Twine &What) {
    return Left{Reason, What.str()};
  };
  if (Baseline.isExceededBy(F))
    return Needs(LeftReason::TargetFeatures, F.getName());
  bool HasOnlyBaseFeatures = all_of(getFeatures(F), isBaseFeature);
  for (const Instruction &I : instructions(F)) {
    if (usesScalableVector(I))
      return Needs(LeftReason::TargetFeatures, "a scalable vector");
    const auto *CB = dyn_cast<CallBase>(&I);
    if (!CB)
      continue;
    if (isTargetIntrinsic(CB->getIntrinsicID()) ||
        CB->getIntrinsicID() == Intrinsic::vscale)
      return Needs(LeftReason::TargetFeatures,
                   CB->getCalledFunction()->getName());
    if (const auto *Asm = dyn_cast<InlineAsm>(CB->getCalledOperand())) {
      if (usesFloatRegisters(*CB))
        return Needs(LeftReason::InlineAsm, "");
      // What its instructions need cannot be told.
      if (!HasOnlyBaseFeatures && !Asm->getAsmString().empty())
        return Needs(LeftReason::TargetFeatures, "assembly");
    } else if (!isa<IntrinsicInst>(CB) && usesFloatRegisters(*CB)) {
      return Needs(LeftReason::TargetFeatures,
                   "a call with floating-point or vector values");
    }
  }
  return std::nullopt;
}

const std::optional<FeatureUse> &
FeatureBaseline::findUse(const Function &F) const {
  auto [It, Inserted] = Uses.try_emplace(&F);
  if (!Inserted)
    return It->second;
  if (std::optional<Left> What = findFeatureUse(F, *this)) {
    std::string Unknown = findUnknownTarget(F);
    if (!Unknown.empty())
      What =
          Left{LeftReason::TargetFeatures, "unknown to this LLVM: " + Unknown};
    It->second = FeatureUse{std::move(*What), Unknown.empty()};
  }
  return It->second;
}

std::string inline_helpers::findUnknownTarget(const Function &F) {
  std::unique_ptr<MCSubtargetInfo> Known =
      createSubtargetInfo(getTriple(*F.getParent()));
  if (!Known)
    return "";
  StringRef CPU = getCPU(F);
  if (!CPU.empty() && !Known->isCPUStringValid(CPU))
    return ("CPU " + CPU).str();
  for (StringRef Name : getFeatures(F))
    if (none_of(Known->getAllProcessorFeatures(),
                [&](const SubtargetFeatureKV &Row) { return Name == Row.Key; }))
      return ("feature " + Name).str();
  return "";
}

const Function *inline_helpers::findFunctionOfUnknownTarget(const Module &M) {
  for (const auto &[Key, Group] : getTargetGroups(M))
    if (!findUnknownTarget(*Group.First).empty())
      return Group.First;
  return nullptr;
}

std::optional<Left> inline_helpers::judgeTarget(const Function &F,
                                                Function &Caller,
                                                const FeatureBaseline &Baseline,
                                                TargetQuery GetTTI) {
  const std::optional<FeatureUse> &Use = Baseline.findUse(F);
  if (!Use ||
      (Use->IsKnownTarget && GetTTI(Caller).areInlineCompatible(&Caller, &F)))
    return std::nullopt;
  return Use->What;
}
