//===- Promote.cpp - What helpers share with their object -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Promote.h"
#include "Commands.h"
#include "passes/Compatibility.h"
#include "passes/Seal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/Regex.h"
#include "llvm/Transforms/IPO/FunctionImport.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// What can be promoted
//===----------------------------------------------------------------------===//

/// Returns all assembly of \p M, a line each.
static std::string getAssembly(const Module &M) {
  std::string Text = M.getModuleInlineAsm();
  for (const Function &F : M)
    for (const Instruction &I : instructions(F))
      if (const auto *Call = dyn_cast<CallBase>(&I))
        if (const auto *Asm = dyn_cast<InlineAsm>(Call->getCalledOperand()))
          (Text += '\n') += Asm->getAsmString();
  return Text;
}

/// Returns true if \p Assembly has \p Name as a word: it may be that symbol.
static bool names(StringRef Assembly, StringRef Name) {
  return Assembly.contains(Name) &&
         Regex("(^|[^A-Za-z0-9_.$])" + Regex::escape(Name) +
               "($|[^A-Za-z0-9_.$])")
             .match(Assembly);
}

namespace {
/// What of a module has to keep its name and its linkage.
class Bound {
public:
  explicit Bound(const Module &M) : Assembly(getAssembly(M)) {
    SmallVector<GlobalValue *> Used;
    collectUsedGlobalVariables(M, Used, /*CompilerUsed=*/false);
    collectUsedGlobalVariables(M, Used, /*CompilerUsed=*/true);
    Values.insert(Used.begin(), Used.end());
    for (const GlobalAlias &Alias : M.aliases())
      if (const GlobalObject *Object = Alias.getAliaseeObject())
        Values.insert(Object);
  }

  bool contains(const GlobalObject &Object) const {
    const auto *F = dyn_cast<Function>(&Object);
    return Object.hasComdat() || (F && F->getCallingConv() != CallingConv::C) ||
           // A model that is asked for may not fit where a crate is linked.
           (Object.isThreadLocal() &&
            Object.getThreadLocalMode() !=
                GlobalValue::GeneralDynamicTLSModel) ||
           Values.contains(&Object) || names(Assembly, Object.getName());
  }

private:
  std::string Assembly;
  SmallPtrSet<const GlobalValue *, 16> Values;
};
} // namespace

/// Returns the first local definition that \p Helper reaches and that has to be
/// promoted for it, or null. Those behind it may then be reached no more.
static GlobalObject *findFirst(Function &Helper, const Bound &Bound) {
  HelperClosure Closure = getClosure(Helper);
  for (GlobalValue *GV : Closure.Locals)
    if (auto *Object = dyn_cast<GlobalObject>(GV);
        Object && !Bound.contains(*Object) && needsOriginal(*Object, Closure))
      return Object;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Promotion
//===----------------------------------------------------------------------===//

/// Returns the hash of \p M, without the names of files: its own, and those
/// that debug info has.
static std::string getHashOf(const Module &M) {
  // CloneModule does not copy addresses of labels right.
  std::unique_ptr<Module> Copy = cantFail(parseBitcodeFile(
      MemoryBufferRef(writeBitcode(M), "copy"), M.getContext()));
  StripDebugInfo(*Copy);
  Copy->setSourceFileName("");
  return toHex(getHash(writeBitcode(*Copy)), /*LowerCase=*/true);
}

std::vector<GlobalObject *> inline_helpers::promoteLocals(Module &M) {
  std::vector<GlobalObject *> Promoted;
  std::string Suffix;
  Bound Bound(M);
  for (Function &F : M) {
    // A file that has but weak helpers may be in a program twice.
    if (!isHelper(F) || !F.hasExternalLinkage())
      continue;
    while (GlobalObject *Object = findFirst(F, Bound)) {
      if (Suffix.empty())
        Suffix = ".inline_helpers." + getHashOf(M);
      Object->setLinkage(GlobalValue::ExternalLinkage);
      Object->setVisibility(GlobalValue::HiddenVisibility);
      Object->setName(Object->getName() + Suffix);
      Promoted.push_back(Object);
    }
  }
  return Promoted;
}

void inline_helpers::referToObject(ArrayRef<GlobalObject *> Promoted) {
  for (GlobalObject *Object : Promoted)
    convertToDeclaration(*Object);
}
