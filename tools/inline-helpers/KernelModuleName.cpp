//===- KernelModuleName.cpp - Compiles with a placeholder -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelModuleName.h"
#include "passes/ModuleName.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/Regex.h"
#include "llvm/Transforms/Utils/FunctionComparator.h"
#include <tuple>

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Flags
//===----------------------------------------------------------------------===//

/// The second placeholder: no longer than a name must be, and no character of
/// the first is the same at its place.
static constexpr StringLiteral SecondPlaceholder = "Q";

/// Returns true if \p Flags leave the macro \p Name defined.
static bool isDefined(ArrayRef<std::string> Flags, StringRef Name) {
  bool Result = false;
  for (size_t I = 0; I != Flags.size(); ++I) {
    StringRef Macro = Flags[I];
    bool Defines = Macro.consume_front("-D");
    if (!Defines && !Macro.consume_front("-U"))
      continue;
    if (Macro.empty() && I + 1 != Flags.size())
      Macro = Flags[++I];
    if (Macro.split('=').first == Name)
      Result = Defines;
  }
  return Result;
}

std::vector<std::string>
inline_helpers::getModuleNameFlags(ArrayRef<std::string> Flags,
                                   Placeholder Which) {
  std::string Name =
      (Which == Placeholder::First ? ModuleNamePlaceholder : SecondPlaceholder)
          .str();
  // The file is another one in each module too, and no text to be replaced.
  StringRef File = Which == Placeholder::First ? "first/file" : "2";
  std::pair<StringRef, std::string> Macros[] = {
      {"KBUILD_MODNAME", "\"" + Name + "\""},
      {"__KBUILD_MODNAME", "kmod_" + Name},
      {"KBUILD_MODFILE", ("\"" + File + "\"").str()}};
  std::vector<std::string> Result;
  for (const auto &[Macro, Value] : Macros)
    if (isDefined(Flags, Macro)) {
      Result.push_back(("-U" + Macro).str());
      Result.push_back(("-D" + Macro + "=" + Value).str());
    }
  return Result;
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

namespace {
/// Compares constants and types as those of two functions are.
class ConstantComparator : public FunctionComparator {
public:
  using FunctionComparator::FunctionComparator;

  bool isSame(const Constant *L, const Constant *R) const {
    return cmpConstants(L, R) == 0;
  }
  bool isSame(Type *L, Type *R) const { return cmpTypes(L, R) == 0; }
};
} // namespace

/// Returns the text of \p Variable if it is a string literal: clang numbers
/// those as it meets them.
static std::optional<StringRef> getLiteral(const GlobalVariable &Variable) {
  if (!Variable.hasPrivateLinkage() || !Variable.isConstant() ||
      !Variable.hasGlobalUnnamedAddr() || !Variable.hasInitializer())
    return std::nullopt;
  const auto *Data = dyn_cast<ConstantDataArray>(Variable.getInitializer());
  if (!Data || !Data->isCString())
    return std::nullopt;
  return Data->getAsCString();
}

/// Returns the variables of \p M that have no name, such as what a sanitizer
/// tells its handler of a check.
static SmallVector<GlobalVariable *> getUnnamed(Module &M) {
  SmallVector<GlobalVariable *> Result;
  for (GlobalVariable &Variable : M.globals())
    if (!Variable.hasName())
      Result.push_back(&Variable);
  return Result;
}

/// Finds for each global value of \p Second the one of \p First that it is, or
/// would be: comparing tells.
static SmallVector<std::pair<GlobalValue *, GlobalValue *>>
findPairs(Module &First, Module &Second) {
  SmallVector<std::pair<GlobalValue *, GlobalValue *>> Result;
  for (const auto &[L, R] : zip(getUnnamed(First), getUnnamed(Second)))
    Result.emplace_back(L, R);
  StringMap<GlobalVariable *> Literals;
  for (GlobalVariable &Variable : First.globals())
    if (std::optional<StringRef> Text = getLiteral(Variable))
      Literals.try_emplace(replacePlaceholder(*Text, SecondPlaceholder),
                           &Variable);
  for (GlobalValue &R : Second.global_values()) {
    auto *Variable = dyn_cast<GlobalVariable>(&R);
    std::optional<StringRef> Text =
        Variable ? getLiteral(*Variable) : std::nullopt;
    GlobalValue *L =
        Text ? Literals.lookup(*Text) : First.getNamedValue(R.getName());
    if (L && L->getValueID() == R.getValueID())
      Result.emplace_back(L, &R);
  }
  return Result;
}

/// Makes \p Second refer to values of \p First, so that comparing finds the
/// same ones.
static void
referToFirst(ArrayRef<std::pair<GlobalValue *, GlobalValue *>> Pairs) {
  for (const auto &Pair : Pairs)
    Pair.second->replaceUsesWithIf(Pair.first, [&](Use &U) {
      // FunctionComparator wants a function's uses of itself, and addresses of
      // its labels, to be its own.
      const auto *I = dyn_cast<Instruction>(U.getUser());
      return !isa<BlockAddress>(U.getUser()) &&
             (!I || I->getFunction() != Pair.second);
    });
}

/// Removes positions in clang's source manager, which the size of a flag moves.
static void dropSourceLocations(Module &M) {
  for (Function &F : M)
    for (Instruction &I : instructions(F))
      I.setMetadata("srcloc", nullptr);
}

static bool isSameVariable(const GlobalVariable &L, const GlobalVariable &R,
                           const ConstantComparator &Comparator) {
  if (L.isConstant() != R.isConstant() ||
      L.hasInitializer() != R.hasInitializer() ||
      L.isExternallyInitialized() != R.isExternallyInitialized() ||
      L.getUnnamedAddr() != R.getUnnamedAddr() ||
      L.getThreadLocalMode() != R.getThreadLocalMode() ||
      L.getAttributes() != R.getAttributes())
    return false;
  if (!L.hasInitializer())
    return true;
  // Its alignment follows its size.
  if (std::optional<StringRef> Text = getPlaceholderText(L)) {
    const auto *Data = dyn_cast<ConstantDataArray>(R.getInitializer());
    return Data && Data->isCString() &&
           Data->getAsCString() == replacePlaceholder(*Text, SecondPlaceholder);
  }
  return L.getAlign() == R.getAlign() &&
         Comparator.isSame(L.getValueType(), R.getValueType()) &&
         Comparator.isSame(L.getInitializer(), R.getInitializer());
}

/// Returns true if the definitions \p L and \p R, of one name, say the same.
static bool isSame(const GlobalValue &L, const GlobalValue &R,
                   GlobalNumberState &Numbers) {
  if (L.isDeclaration() != R.isDeclaration() ||
      L.getLinkage() != R.getLinkage() ||
      L.getVisibility() != R.getVisibility() ||
      L.getSection() != R.getSection() || L.hasComdat() != R.hasComdat())
    return false;
  if (const auto *F = dyn_cast<Function>(&L))
    return F->isDeclaration() ||
           FunctionComparator(F, cast<Function>(&R), &Numbers).compare() == 0;
  if (const auto *Variable = dyn_cast<GlobalVariable>(&L)) {
    // It looks at functions for the data layout of their modules.
    if (L.getParent()->empty() || R.getParent()->empty())
      return false;
    ConstantComparator Comparator(&*L.getParent()->begin(),
                                  &*R.getParent()->begin(), &Numbers);
    return isSameVariable(*Variable, *cast<GlobalVariable>(&R), Comparator);
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Marks
//===----------------------------------------------------------------------===//

/// Marks the functions among \p Dependent, and those that reach one of them.
static void spread(SetVector<GlobalValue *> Dependent) {
  SmallPtrSet<const Value *, 32> Visited;
  for (size_t I = 0; I != Dependent.size(); ++I) {
    if (auto *F = dyn_cast<Function>(Dependent[I]))
      F->addFnAttr(ModuleNameAttribute);
    SmallVector<User *> Users(Dependent[I]->users());
    while (!Users.empty()) {
      User *U = Users.pop_back_val();
      if (auto *Where = dyn_cast<Instruction>(U))
        Dependent.insert(Where->getFunction());
      else if (auto *GV = dyn_cast<GlobalValue>(U))
        Dependent.insert(GV);
      else if (Visited.insert(U).second)
        Users.append(U->user_begin(), U->user_end());
    }
  }
}

void inline_helpers::markModuleNameUse(Module &First, Module &Second) {
  dropSourceLocations(First);
  dropSourceLocations(Second);
  SmallVector<std::pair<GlobalValue *, GlobalValue *>> Pairs =
      findPairs(First, Second);
  referToFirst(Pairs);
  SetVector<GlobalValue *> Different;
  for (GlobalValue &GV : First.global_values())
    if (!GV.isDeclaration())
      Different.insert(&GV);
  GlobalNumberState Numbers;
  for (auto [L, R] : Pairs)
    if (isSame(*L, *R, Numbers))
      Different.remove(L);
  spread(std::move(Different));
}

/// Returns true if \p Line, printed by clang, does with the strings that have
/// the placeholder no more than to hand them on: each is a whole argument or
/// result, and nothing on the line is known to be computed by clang itself.
/// (Of what constants are initialized with, clang reads characters elsewhere.)
static bool isHandedOn(StringRef Line) {
  static const std::string Literal =
      ("\"([^\"\\\\]|\\\\.)*" + ModuleNamePlaceholder + "([^\"\\\\]|\\\\.)*\"")
          .str();
  static const Regex HandedOn("([A-Za-z0-9_]\\(|, |return )" + Literal +
                              "([,;)])");
  static const Regex Computes(
      "(^|[^A-Za-z0-9_])(sizeof|_Alignof|typeof|__builtin_[a-z0-9_]*|"
      "(str|mem|wcs|wmem|bcmp|index)[a-z0-9_]*) *\\(|\\)\\[|\\{");
  if (Computes.match(Line))
    return false;
  std::string Rest = Line.str();
  while (HandedOn.match(Rest))
    Rest = HandedOn.sub("\\1\\4", Rest);
  return !StringRef(Rest).contains(ModuleNamePlaceholder);
}

/// Calls \p Visit with each identifier of \p Text, until it returns true.
static bool anyIdentifier(StringRef Text, function_ref<bool(StringRef)> Visit) {
  static const Regex Identifier("[A-Za-z_][A-Za-z0-9_]*");
  SmallVector<StringRef, 1> Name;
  for (; Identifier.match(Text, &Name);
       Text = Text.substr(Name[0].end() - Text.begin()))
    if (Visit(Name[0]))
      return true;
  return false;
}

/// Returns true if \p Header declares a variable of \p First that \p Print
/// mentions nowhere else, as MODULE_IMPORT_NS() in a header of the kernel does:
/// no function of C reads it.
static bool isReadByNone(const Module &First, StringRef Header,
                         StringRef Print) {
  return anyIdentifier(Header, [&](StringRef Name) {
    return First.getGlobalVariable(Name, /*AllowInternal=*/true) &&
           Print.count(Name) == 1;
  });
}

void inline_helpers::markModuleNameReaders(Module &First, StringRef Print) {
  static const Regex Type("^(typedef )?(enum|struct|union)[^(]*"
                          "(__attribute__\\(\\(.*\\)\\))? *\\{$");
  SetVector<GlobalValue *> Readers;
  StringRef Header;
  bool IsOpen = false;
  for (StringRef Rest = Print; !Rest.empty();) {
    StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    if (IsOpen) {
      IsOpen = !Line.starts_with("}");
    } else {
      Header = Line;
      IsOpen = Line.ends_with("{");
    }
    if (!Line.contains(ModuleNamePlaceholder))
      continue;
    // Whoever uses a type or constant has what was decided in it, and perhaps
    // nothing else of it.
    bool IsFunction = Header.ends_with(") {") && !Type.match(Header);
    if (!IsFunction && Header.starts_with("_Static_assert"))
      continue;
    // A symbol has no characters that C can read.
    if (!IsFunction && Line.contains('"')) {
      if (isReadByNone(First, Header, Print))
        continue;
      for (Function &F : First)
        if (!F.isDeclaration())
          Readers.insert(&F);
      break;
    }
    if (isHandedOn(Line))
      continue;
    // Which of the names the function's is does not matter much.
    anyIdentifier(Header, [&](StringRef Name) {
      if (Function *F = First.getFunction(Name))
        Readers.insert(F);
      return false;
    });
  }
  spread(std::move(Readers));
}

void inline_helpers::spreadModuleNameUse(Module &M) {
  SetVector<GlobalValue *> Marked;
  for (Function &F : M)
    if (F.hasFnAttribute(ModuleNameAttribute))
      Marked.insert(&F);
  spread(std::move(Marked));
}

//===----------------------------------------------------------------------===//
// Hiding
//===----------------------------------------------------------------------===//

HiddenStrings::HiddenStrings(Module &M) : M(M) {
  Type *Unsized = ArrayType::get(Type::getInt8Ty(M.getContext()), 0);
  SmallVector<GlobalVariable *> Found;
  for (GlobalVariable &Variable : M.globals())
    if (getPlaceholderText(Variable))
      Found.push_back(&Variable);
  for (GlobalVariable *String : Found) {
    auto *Sign = new GlobalVariable(
        M, Unsized, /*isConstant=*/true, GlobalValue::ExternalLinkage,
        /*Initializer=*/nullptr, "hidden", /*InsertBefore=*/String);
    Sign->setAlignment(String->getAlign());
    Sign->setUnnamedAddr(String->getUnnamedAddr());
    Sign->setDSOLocal(true);
    String->replaceAllUsesWith(Sign);
    String->removeFromParent();
    Strings.emplace_back(String, Sign);
  }
}

HiddenStrings::~HiddenStrings() {
  for (auto &[String, Handle] : Strings) {
    auto *Sign = cast_or_null<GlobalVariable>(static_cast<Value *>(Handle));
    if (!Sign) {
      delete String;
      continue;
    }
    M.insertGlobalVariable(Sign->getIterator(), String);
    Sign->replaceAllUsesWith(String);
    Sign->eraseFromParent();
  }
}
