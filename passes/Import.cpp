//===- Import.cpp - Moves helpers into a module ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Import.h"
#include "passes/CompatibilityRules.h"
#include "passes/DebugInfo.h"
#include "passes/LLVMVersion.h"
#include "passes/NullPointer.h"
#include "passes/TargetFeatures.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/IPO/FunctionImport.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

static bool isTarget(Attribute A) {
  StringRef Name = getAttributeName(A);
  return Name == "target-cpu" || Name == "target-features" ||
         Name == "tune-cpu";
}

/// Returns true if the crate's attribute replaces the helper's.
static bool isCodeGeneration(Attribute A) {
  if (isTarget(A))
    return false;
  StringRef Name = getAttributeName(A);
  switch (getAttributeRule(AttributePosition::Function, Name)) {
  case AttributeRule::Adapt:
    return true;
  case AttributeRule::Special:
    return Name != "noinline" && Name != "optnone" &&
           Name != "null_pointer_is_valid";
  default:
    return false;
  }
}

/// Makes the calls in \p F say what its no-builtin attributes say of them all:
/// the callee is not the C library's function of that name.
static void moveNoBuiltinToCalls(Function &F) {
  bool All = F.hasFnAttribute("no-builtins");
  for (Instruction &I : instructions(F)) {
    auto *CB = dyn_cast<CallBase>(&I);
    const Function *Callee = CB ? CB->getCalledFunction() : nullptr;
    if (!Callee || Callee->isIntrinsic())
      continue;
    if (All || F.hasFnAttribute(("no-builtin-" + Callee->getName()).str()))
      CB->addFnAttr(Attribute::NoBuiltin);
  }
}

void inline_helpers::adaptAttributes(Function &F, const Function *Model,
                                     bool KeepTarget) {
  moveNoBuiltinToCalls(F);
  lowerNullPointerIsValid(F);

  AttrBuilder Attributes(F.getContext());
  for (Attribute A : F.getAttributes().getFnAttrs())
    if (isTarget(A) ? KeepTarget : !isCodeGeneration(A))
      Attributes.addAttribute(A);
  if (Model)
    for (Attribute A : Model->getAttributes().getFnAttrs())
      if (isCodeGeneration(A))
        Attributes.addAttribute(A);
  // LLVM wants optnone without these.
  if (F.hasOptNone())
    Attributes.removeAttribute(Attribute::OptimizeForSize)
        .removeAttribute(Attribute::MinSize)
        .removeAttribute(Attribute::OptimizeForDebugging);
  F.setAttributes(F.getAttributes()
                      .removeFnAttributes(F.getContext())
                      .addFnAttributes(F.getContext(), Attributes));
}

//===----------------------------------------------------------------------===//
// Module flags
//===----------------------------------------------------------------------===//

/// Returns true if \p Value is an alignment of the stack that the x86-64 ABI's,
/// which other Rust code keeps, is a multiple of.
static bool isStackAlignment(const Metadata *Value) {
  const auto *Bytes = mdconst::dyn_extract<ConstantInt>(Value);
  return Bytes && Bytes->getValue().isPowerOf2() && Bytes->getValue().ule(16);
}

/// Puts the semantic interposition flag of \p M before the others, switched
/// off, as it is where it is missing. LLVM's passes ask for it at every turn,
/// and getModuleFlag goes through all there are: each that is added costs time.
static void answerSemanticInterposition(Module &M) {
  if (M.getModuleFlag("SemanticInterposition"))
    return;
  NamedMDNode &Flags = *M.getModuleFlagsMetadata();
  SmallVector<MDNode *, 16> Others(Flags.operands());
  Flags.clearOperands();
  M.setSemanticInterposition(false);
  for (MDNode *Flag : Others)
    Flags.addOperand(Flag);
}

/// Has \p M follow conventions of \p Library that hold for all of a kernel on
/// x86, C and Rust, and that rustc cannot be told of. Linux' C calls Rust with
/// the stack aligned to 8 bytes, where rustc takes it for 16.
///
/// In another program not all code is compiled so.
static void adoptModuleFlags(Module &M, const Module &Library) {
  if (!isForKernel(M) || !isForKernel(Library))
    return;
  SmallVector<Module::ModuleFlagEntry, 16> Flags;
  Library.getModuleFlagsMetadata(Flags);
  bool Adopted = false;
  for (const Module::ModuleFlagEntry &Flag : Flags) {
    StringRef Name = Flag.Key->getString();
    if (getModuleFlagRule(Name) != ModuleFlagRule::Adopt ||
        M.getModuleFlag(Name) ||
        (Name == "override-stack-alignment" && !isStackAlignment(Flag.Val)))
      continue;
    M.addModuleFlag(Flag.Behavior, Name, Flag.Val);
    Adopted = true;
  }
  if (Adopted)
    answerSemanticInterposition(M);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

/// Returns true if \p I is assembly that does not return, as the kernel's
/// BUG(): rustc puts a trap where code cannot be reached, and behind it needs
/// none. In a function with a result it may be the `return` that is missing.
static bool isFinalAssembly(const Instruction &I) {
  const auto *Call = dyn_cast<CallInst>(&I);
  const auto *Asm =
      Call ? dyn_cast<InlineAsm>(Call->getCalledOperand()) : nullptr;
  const Function &F = *I.getFunction();
  return Asm && !Asm->getAsmString().empty() &&
         isa_and_nonnull<UnreachableInst>(I.getNextNode()) &&
         F.getReturnType()->isVoidTy() && !F.hasStructRetAttr();
}

/// Prepares the body of \p F for life in another compiler's module.
static void adaptBody(Function &F, const Function *Model,
                      const FeatureBaseline &Baseline) {
  adaptAttributes(F, Model, Baseline.findUse(F).has_value());
  // It has no handler, and a caller has a personality of its own.
  F.setPersonalityFn(nullptr);
  for (Instruction &I : instructions(F)) {
    // A position in clang's source manager; rustc would take it for one in its
    // own.
    I.setMetadata("srcloc", nullptr);
    // It may name functions that stay behind.
    I.setMetadata(LLVMContext::MD_callees, nullptr);
    // A hint that no scalar load has an instruction for, and on which x86's
    // code generation crashes where a byte is loaded and added (LLVM 19 to 22).
    if (isa<LoadInst>(I) && !I.getType()->isVectorTy())
      I.setMetadata(LLVMContext::MD_nontemporal, nullptr);
    if (isFinalAssembly(I))
      cast<CallInst>(I).setDoesNotReturn();
    if (auto *CB = dyn_cast<CallBase>(&I))
      CB->removeFnAttr(Attribute::NoCallback);
  }
}

//===----------------------------------------------------------------------===//
// Moving
//===----------------------------------------------------------------------===//

/// Returns what \p M has for the symbol of \p GV, which is another module's, or
/// null.
static GlobalValue *findSymbol(const Module &M, const GlobalValue &GV) {
  if (GV.hasLocalLinkage() || !GV.hasName())
    return nullptr;
  GlobalValue *Found = M.getNamedValue(GV.getName());
  return Found && !Found->hasLocalLinkage() ? Found : nullptr;
}

/// Has what refers to \p Old refer to \p New.
static void replace(GlobalValue &Old, GlobalValue &New) {
  Old.replaceAllUsesWith(
      ConstantExpr::getPointerBitCastOrAddrSpaceCast(&New, Old.getType()));
}

/// Takes \p GV out of its module and puts it into \p M. They are of one
/// context, and so have the same types, constants and metadata.
static void transfer(GlobalValue &GV, Module &M) {
  // A symbol keeps its name, and what is local to the crate gives way.
  std::string Name = GV.getName().str();
  GlobalValue *Local = GV.hasLocalLinkage() ? nullptr : M.getNamedValue(Name);
  if (Local)
    Local->setName("");
  if (auto *Object = dyn_cast<GlobalObject>(&GV))
    Object->setComdat(nullptr);
  GV.removeFromParent();
  if (auto *F = dyn_cast<Function>(&GV)) {
    M.getFunctionList().push_back(F);
    adoptDebugInfoFormat(*F);
  } else if (auto *Variable = dyn_cast<GlobalVariable>(&GV)) {
    M.insertGlobalVariable(Variable);
  } else if (auto *Alias = dyn_cast<GlobalAlias>(&GV)) {
    M.insertAlias(Alias);
  } else {
    M.insertIFunc(cast<GlobalIFunc>(&GV));
  }
  if (Local)
    Local->setName(Name);
}

/// Takes back that \p GV does not call functions of its own module: it is one
/// of another now (IRMover.cpp, updateAttributes).
static void dropNoCallback(GlobalValue &GV) {
  auto *F = dyn_cast<Function>(&GV);
  if (F && !F->isIntrinsic())
    F->removeFnAttr(Attribute::NoCallback);
}

/// Moves \p GV into \p M, where it takes the place of its symbol.
static void moveDefinition(GlobalValue &GV, Module &M) {
  if (GlobalValue *Declaration = findSymbol(M, GV)) {
    replace(*Declaration, GV);
    Declaration->eraseFromParent();
  }
  transfer(GV, M);
  dropNoCallback(GV);
  // Visibility, DLL storage class and dso_local follow (GlobalValue.h).
  GV.setLinkage(GlobalValue::InternalLinkage);
}

/// Has what refers to \p GV, which stays behind, refer to the symbol in \p M.
///
/// \returns its declaration if there was none, or null.
static GlobalValue *moveReferences(GlobalValue &GV, Module &M) {
  if (GlobalValue *Known = findSymbol(M, GV)) {
    replace(GV, *Known);
    dropNoCallback(*Known);
    return nullptr;
  }
  GlobalValue *Declaration = &GV;
  if (!GV.isDeclaration()) {
    std::string Name = GV.getName().str();
    Module &Source = *GV.getParent();
    // It makes another of an alias.
    if (!convertToDeclaration(GV))
      Declaration = Source.getNamedValue(Name);
  }
  transfer(*Declaration, M);
  dropNoCallback(*Declaration);
  // Compiled for a fixed address, the library may assume its symbols near;
  // position-independent code may not. Nor may any of thread-local variables:
  // the linker cannot copy them to where they would be near.
  if (Declaration->hasDefaultVisibility() &&
      (M.getPICLevel() != PICLevel::NotPIC || Declaration->isThreadLocal()))
    Declaration->setDSOLocal(false);
  return Declaration;
}

std::vector<WeakVH>
inline_helpers::moveIntoModule(Module &M, HelperLibrary Library,
                               ArrayRef<HelperClosure> Closures,
                               const FeatureBaseline &Baseline,
                               const Function *Model, DebugInfoKind DebugInfo) {
  std::unique_ptr<Module> Source = Library.takeModule();
  adaptDebugInfo(*Source, Closures, M, DebugInfo);
  adoptModuleFlags(M, *Source);

  // LLVM's IRMover makes everything anew, and first looks through all of M for
  // its types: in a small crate that is more than half of the import.
  SmallSetVector<GlobalValue *, 16> Definitions, References;
  for (const HelperClosure &Closure : Closures) {
    Definitions.insert(Closure.Helper);
    Definitions.insert(Closure.Locals.begin(), Closure.Locals.end());
    References.insert(Closure.Externals.begin(), Closure.Externals.end());
  }
  for (GlobalValue *GV : Definitions)
    moveDefinition(*GV, M);
  SmallVector<GlobalValue *> Declared;
  for (GlobalValue *GV : References)
    if (!Definitions.contains(GV))
      if (GlobalValue *Declaration = moveReferences(*GV, M))
        Declared.push_back(Declaration);
  // What stays behind may refer to them as well.
  Source.reset();
  for (GlobalValue *GV : Definitions)
    if (auto *F = dyn_cast<Function>(GV))
      adaptBody(*F, Model, Baseline);
  for (GlobalValue *GV : Declared)
    if (GV->use_empty())
      GV->eraseFromParent();
  return std::vector<WeakVH>(Definitions.begin(), Definitions.end());
}

void inline_helpers::eraseUnused(ArrayRef<WeakVH> Definitions) {
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const WeakVH &Handle : Definitions) {
      auto *GV = dyn_cast_or_null<GlobalValue>(static_cast<Value *>(Handle));
      if (!GV)
        continue;
      GV->removeDeadConstantUsers();
      if (!GV->use_empty())
        continue;
      GV->eraseFromParent();
      Changed = true;
    }
  }
}
