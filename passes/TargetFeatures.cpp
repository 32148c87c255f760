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

/// Returns the names of the features \p F turns on, each once.
static SmallVector<StringRef, 32> getFeatures(const Function &F) {
  SmallVector<StringRef, 32> Features;
  F.getFnAttribute("target-features").getValueAsString().split(Features, ',');
  erase_if(Features, [](StringRef &Name) { return !Name.consume_front("+"); });
  llvm::sort(Features);
  Features.erase(llvm::unique(Features), Features.end());
  return Features;
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
  for (const Function &F : M) {
    if (F.isDeclaration())
      continue;
    TargetGroup &Group =
        Groups[{F.getFnAttribute("target-cpu").getRawPointer(),
                F.getFnAttribute("target-features").getRawPointer()}];
    if (!Group.First)
      Group.First = const_cast<Function *>(&F);
    ++Group.Count;
  }
  return Groups;
}

static constexpr StringLiteral BaselineName = "inline-helpers.baseline";

void FeatureBaseline::set(Module &Library) const {
  LLVMContext &Context = Library.getContext();
  SmallVector<Metadata *, 32> Operands = {MDString::get(Context, CPU)};
  std::vector<StringRef> Names(Features.keys().begin(), Features.keys().end());
  llvm::sort(Names);
  for (StringRef Name : Names)
    Operands.push_back(MDString::get(Context, Name));
  NamedMDNode *Node = Library.getOrInsertNamedMetadata(BaselineName);
  Node->clearOperands();
  Node->addOperand(MDNode::get(Context, Operands));
}

FeatureBaseline::FeatureBaseline(const Module &Library) {
  if (const NamedMDNode *Node = Library.getNamedMetadata(BaselineName)) {
    for (const MDOperand &Operand : Node->getOperand(0)->operands()) {
      StringRef Name = cast<MDString>(Operand)->getString();
      if (&Operand == Node->getOperand(0)->op_begin())
        CPU = Name;
      else
        Features.insert(Name);
    }
    return;
  }
  unsigned MostFunctions = 0;
  SmallVector<StringRef, 32> Best;
  for (const auto &[Key, Group] : getTargetGroups(Library)) {
    SmallVector<StringRef, 32> Names = getFeatures(*Group.First);
    // Of two that are as common, the one with fewer features: the other may be
    // what asked for more.
    if (Group.Count < MostFunctions ||
        (Group.Count == MostFunctions && Names.size() >= Best.size()))
      continue;
    MostFunctions = Group.Count;
    CPU = getCPU(*Group.First);
    Best = std::move(Names);
  }
  Features.insert(Best.begin(), Best.end());
}

bool FeatureBaseline::isExceededBy(const Function &F) const {
  return CPU != getCPU(F) || any_of(getFeatures(F), [&](StringRef Name) {
           return !Features.contains(Name);
         });
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
