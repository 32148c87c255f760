//===- ModuleName.cpp - Helpers that use KBUILD_MODNAME -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/ModuleName.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Names and text
//===----------------------------------------------------------------------===//

static_assert(ModuleNamePlaceholder.size() == MaxModuleNameSize,
              "the placeholder is as long as a name can be");

bool inline_helpers::isModuleName(StringRef Name) {
  return !Name.empty() && Name.size() <= MaxModuleNameSize &&
         all_of(Name, [](char C) { return isAlnum(C) || C == '_'; });
}

std::string inline_helpers::getModuleName(StringRef ModFile) {
  std::string Name = ModFile.substr(ModFile.rfind('/') + 1).str();
  std::replace(Name.begin(), Name.end(), '-', '_');
  std::replace(Name.begin(), Name.end(), ',', '_');
  return isModuleName(Name) ? Name : "";
}

std::string inline_helpers::replacePlaceholder(StringRef Text, StringRef Name) {
  SmallVector<StringRef> Parts;
  Text.split(Parts, ModuleNamePlaceholder);
  return join(Parts, Name);
}

bool inline_helpers::hasPlaceholder(const Constant &C) {
  SmallVector<const Constant *> Worklist = {&C};
  SmallPtrSet<const Constant *, 8> Visited;
  while (!Worklist.empty()) {
    const Constant *Current = Worklist.pop_back_val();
    const auto *Data = dyn_cast<ConstantDataSequential>(Current);
    if (Data && Data->getRawDataValues().contains(ModuleNamePlaceholder))
      return true;
    for (const Use &U : Current->operands())
      if (const auto *Part = dyn_cast<Constant>(U);
          Part && !isa<GlobalValue>(Part) && Visited.insert(Part).second)
        Worklist.push_back(Part);
  }
  return false;
}

std::optional<StringRef>
inline_helpers::getPlaceholderText(const GlobalVariable &Variable) {
  if (!Variable.hasInitializer() || !Variable.hasLocalLinkage() ||
      !Variable.isConstant() || Variable.hasSection() || Variable.hasComdat())
    return std::nullopt;
  const auto *Data = dyn_cast<ConstantDataArray>(Variable.getInitializer());
  if (!Data || !Data->isCString() ||
      !Data->getAsCString().contains(ModuleNamePlaceholder))
    return std::nullopt;
  return Data->getAsCString();
}

//===----------------------------------------------------------------------===//
// Use
//===----------------------------------------------------------------------===//

/// Returns true if a function or constant of \p Closure is made of \p C.
static bool isReachedFrom(const Constant &C, const HelperClosure &Closure) {
  return any_of(C.users(), [&](const User *U) {
    if (const auto *I = dyn_cast<Instruction>(U)) {
      auto *F = const_cast<Function *>(I->getFunction());
      return F == Closure.Helper || Closure.Locals.contains(F);
    }
    if (const auto *GV = dyn_cast<GlobalValue>(U))
      return Closure.Locals.contains(const_cast<GlobalValue *>(GV));
    return isReachedFrom(*cast<Constant>(U), Closure);
  });
}

/// Returns true if \p Closure has an address in or behind \p String, computed
/// by the C compiler: the name in it is of another length.
static bool pointsInto(const Constant &String, const HelperClosure &Closure) {
  return any_of(String.users(), [&](const User *U) {
    if (isa<ConstantAggregate>(U))
      return pointsInto(*cast<Constant>(U), Closure);
    return isa<ConstantExpr>(U) && isReachedFrom(*cast<Constant>(U), Closure);
  });
}

ModuleNameUse inline_helpers::findModuleNameUse(const HelperClosure &Closure) {
  for (const Function *F : Closure.functions())
    if (F->hasFnAttribute(ModuleNameAttribute))
      return ModuleNameUse::Other;
  ModuleNameUse Result = ModuleNameUse::None;
  for (const GlobalValue *GV : Closure.Locals) {
    const auto *Variable = dyn_cast<GlobalVariable>(GV);
    if (!Variable || !Variable->hasInitializer() ||
        !hasPlaceholder(*Variable->getInitializer()))
      continue;
    if (!getPlaceholderText(*Variable) || pointsInto(*Variable, Closure))
      return ModuleNameUse::Other;
    Result = ModuleNameUse::Text;
  }
  return Result;
}

std::optional<Left>
inline_helpers::judgeModuleName(const HelperClosure &Closure, StringRef Name) {
  switch (findModuleNameUse(Closure)) {
  case ModuleNameUse::None:
    return std::nullopt;
  case ModuleNameUse::Text:
    if (!Name.empty())
      return std::nullopt;
    return Left{LeftReason::ModuleName, "the name is not known"};
  case ModuleNameUse::Other:
    return Left{LeftReason::ModuleName, "not as text alone"};
  }
  llvm_unreachable("no such use");
}

//===----------------------------------------------------------------------===//
// Replacement
//===----------------------------------------------------------------------===//

/// Puts \p Name into the string \p Old.
///
/// \returns what takes its place.
static GlobalVariable *replaceText(GlobalVariable &Old, StringRef Name) {
  Constant *Text = ConstantDataArray::getString(
      Old.getContext(), replacePlaceholder(*getPlaceholderText(Old), Name));
  auto *New = new GlobalVariable(*Old.getParent(), Text->getType(),
                                 /*isConstant=*/true, Old.getLinkage(), Text,
                                 "", /*InsertBefore=*/&Old);
  New->copyAttributesFrom(&Old);
  New->takeName(&Old);
  Old.replaceAllUsesWith(New);
  return New;
}

void inline_helpers::setModuleName(MutableArrayRef<HelperClosure> Closures,
                                   StringRef Name) {
  // What is replaced stays in its module: closures share it.
  DenseMap<GlobalValue *, GlobalValue *> Replaced;
  for (HelperClosure &Closure : Closures) {
    SmallVector<GlobalValue *> Locals(Closure.Locals.takeVector());
    for (GlobalValue *&GV : Locals) {
      auto *Variable = dyn_cast<GlobalVariable>(GV);
      if (!Variable || !getPlaceholderText(*Variable))
        continue;
      GlobalValue *&New = Replaced[GV];
      if (!New)
        New = replaceText(*Variable, Name);
      GV = New;
    }
    Closure.Locals.insert(Locals.begin(), Locals.end());
  }
}

Error inline_helpers::checkNoPlaceholder(const Module &M) {
  auto Refuse = [](const GlobalValue &GV) {
    return makeError(DiagnosticCode::BrokenModule,
                     "the placeholder of the module's name was left in '" +
                         GV.getName() + "'",
                     "report it with the helper library");
  };
  for (const GlobalVariable &Variable : M.globals())
    if (Variable.hasInitializer() && hasPlaceholder(*Variable.getInitializer()))
      return Refuse(Variable);
  for (const GlobalValue &GV : M.global_values())
    if (GV.getName().contains(ModuleNamePlaceholder))
      return Refuse(GV);
  return Error::success();
}
