//===- Import.cpp - Moves helpers into a module ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Import.h"
#include "passes/CompatibilityRules.h"
#include "passes/DebugInfo.h"
#include "passes/Diagnostics.h"
#include "passes/NullPointer.h"
#include "passes/TargetFeatures.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Linker/IRMover.h"

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
// Moving
//===----------------------------------------------------------------------===//

/// Returns true if \p Value is an alignment of the stack that the x86-64 ABI's,
/// which other Rust code keeps, is a multiple of.
static bool isStackAlignment(const Metadata *Value) {
  const auto *Bytes = mdconst::dyn_extract<ConstantInt>(Value);
  return Bytes && Bytes->getValue().isPowerOf2() && Bytes->getValue().ule(16);
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
  for (const Module::ModuleFlagEntry &Flag : Flags) {
    StringRef Name = Flag.Key->getString();
    if (getModuleFlagRule(Name) != ModuleFlagRule::Adopt ||
        M.getModuleFlag(Name) ||
        (Name == "override-stack-alignment" && !isStackAlignment(Flag.Val)))
      continue;
    M.addModuleFlag(Flag.Behavior, Name, Flag.Val);
  }
}

/// Removes what IRMover would bring along besides the values it is given.
static void dropModuleLevel(Module &Source) {
  Source.setModuleInlineAsm("");
  while (!Source.named_metadata_empty())
    Source.eraseNamedMetadata(&*Source.named_metadata_begin());
}

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
  }
}

/// Gives the variables of \p Source that come along the order in which helpers
/// refer to them, as IRMover keeps the order in \p Source: a library that is
/// packed has another one.
static void orderVariables(Module &Source, ArrayRef<HelperClosure> Closures) {
  SmallPtrSet<GlobalVariable *, 16> Ordered;
  for (const HelperClosure &Closure : Closures)
    for (GlobalValue *GV :
         concat<GlobalValue *const>(Closure.Locals, Closure.Externals))
      if (auto *Variable = dyn_cast<GlobalVariable>(GV);
          Variable && Ordered.insert(Variable).second) {
        Variable->removeFromParent();
        Source.insertGlobalVariable(Variable);
      }
}

static void internalize(GlobalValue &GV) {
  // Visibility, DLL storage class and dso_local follow (GlobalValue.h).
  GV.setLinkage(GlobalValue::InternalLinkage);
  if (auto *Object = dyn_cast<GlobalObject>(&GV))
    Object->setComdat(nullptr);
}

Expected<std::vector<WeakVH>>
inline_helpers::moveIntoModule(Module &M, HelperLibrary Library,
                               ArrayRef<HelperClosure> Closures,
                               const FeatureBaseline &Baseline,
                               const Function *Model, DebugInfoKind DebugInfo) {
  std::string Path = Library.path().str();
  std::unique_ptr<Module> Source = Library.takeModule();
  adaptDebugInfo(*Source, Closures, M, DebugInfo);
  adoptModuleFlags(M, *Source);
  dropModuleLevel(*Source);
  // The same architecture, but perhaps another spelling: IRMover would warn.
  Source->setTargetTriple(M.getTargetTriple());

  orderVariables(*Source, Closures);
  SmallVector<GlobalValue *> ToMove;
  SmallPtrSet<Function *, 16> Adapted;
  for (const HelperClosure &Closure : Closures) {
    ToMove.push_back(Closure.Helper);
    for (Function *F : Closure.functions())
      if (Adapted.insert(F).second)
        adaptBody(*F, Model, Baseline);
  }
  // Helpers that stay behind become declarations: for a definition IRMover
  // replaces the crate's declaration by one with the definition's attributes.
  for (const HelperClosure &Closure : Closures)
    for (GlobalValue *GV : Closure.Externals)
      if (auto *F = dyn_cast<Function>(GV);
          F && !F->isDeclaration() && !Adapted.contains(F))
        F->deleteBody();

  // Local values get a new name where theirs is taken, so what is new is what
  // was not there before. A declaration that a definition replaces is freed,
  // and its address given to the next: a plain pointer would not do.
  std::vector<WeakVH> Before;
  for (GlobalValue &GV : M.global_values())
    Before.emplace_back(&GV);

  if (Error E = IRMover(M).move(std::move(Source), ToMove,
                                /*AddLazyFor=*/{},
                                /*IsPerformingImport=*/true))
    return makeError(DiagnosticCode::Damaged,
                     "library '" + Path +
                         "' cannot be linked: " + toString(std::move(E)),
                     "make the library with 'inline-helpers compile'");

  DenseSet<const Value *> Old(Before.begin(), Before.end());
  std::vector<WeakVH> Definitions;
  for (GlobalValue &GV : M.global_values()) {
    if (Old.contains(&GV))
      continue;
    if (!GV.isDeclaration()) {
      internalize(GV);
      Definitions.emplace_back(&GV);
    } else if (GV.hasDefaultVisibility() &&
               (M.getPICLevel() != PICLevel::NotPIC || GV.isThreadLocal())) {
      // Compiled for a fixed address, the library may assume its symbols near;
      // position-independent code may not. Nor may any of thread-local
      // variables: the linker cannot copy them to where they would be near.
      GV.setDSOLocal(false);
    }
  }
  return Definitions;
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
