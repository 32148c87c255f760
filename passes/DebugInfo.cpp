//===- DebugInfo.cpp - Debug info of imported helpers ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/DebugInfo.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Verifier.h"

using namespace llvm;
using namespace inline_helpers;

/// Reduces \p SP to what a line table needs, and makes it one of \p Unit.
///
/// stripNonLineTableDebugInfo does the like, but maps lexical blocks to their
/// function, so that code from an #include in a body gets that file's line with
/// the function's file.
static void reduceToLines(DISubprogram &SP, DICompileUnit &Unit) {
  LLVMContext &Context = SP.getContext();
  // Names and files remain; types, variables, template parameters, declarations
  // and the scopes of C++ do not.
  for (unsigned I = 0; I < SP.getNumOperands(); ++I) {
    Metadata *Operand = SP.getOperand(I);
    if (isa_and_nonnull<DISubroutineType>(Operand))
      SP.replaceOperandWith(I, DISubroutineType::get(Context, DINode::FlagZero,
                                                     /*CC=*/0,
                                                     MDNode::get(Context, {})));
    else if (!isa_and_nonnull<MDString, DIFile>(Operand))
      SP.replaceOperandWith(I, nullptr);
  }
  SP.replaceUnit(&Unit);
}

/// Calls \p Visit for the subprogram of every scope that \p F refers to.
static void forEachSubprogram(const Function &F,
                              function_ref<void(DISubprogram &)> Visit) {
  auto VisitScopes = [&](const DILocation *Location) {
    for (; Location; Location = Location->getInlinedAt())
      Visit(*Location->getScope()->getSubprogram());
  };
  if (DISubprogram *SP = F.getSubprogram())
    Visit(*SP);
  for (const Instruction &I : instructions(F)) {
    VisitScopes(I.getDebugLoc().get());
    // Where a loop starts and ends.
    if (const MDNode *Loop = I.getMetadata(LLVMContext::MD_loop))
      for (const MDOperand &Operand : Loop->operands())
        VisitScopes(dyn_cast_or_null<DILocation>(Operand.get()));
  }
}

/// Drops what is attached to the code of \p F besides locations: variables, and
/// types of what is allocated.
static void dropVariables(Function &F) {
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    if (isa<DbgInfoIntrinsic>(I)) {
      I.eraseFromParent();
      continue;
    }
    I.dropDbgRecords();
    I.setMetadata(LLVMContext::MD_DIAssignID, nullptr);
    I.setMetadata("heapallocsite", nullptr);
  }
}

/// Returns the unit of \p M for the code of \p Helper.
static DICompileUnit &findUnit(const Module &M, const Function &Helper) {
  if (const Function *Declaration = M.getFunction(Helper.getName()))
    for (const User *U : Declaration->users())
      if (const auto *I = dyn_cast<Instruction>(U))
        if (const DISubprogram *SP = I->getFunction()->getSubprogram())
          return *SP->getUnit();
  return **M.debug_compile_units().begin();
}

static bool isValid(ArrayRef<HelperClosure> Closures) {
  return all_of(Closures, [](const HelperClosure &Closure) {
    return none_of(Closure.functions(),
                   [](const Function *F) { return verifyFunction(*F); });
  });
}

void inline_helpers::adaptDebugInfo(Module &Source,
                                    ArrayRef<HelperClosure> Closures,
                                    const Module &M, DebugInfoKind Kind) {
  bool Keep =
      Kind == DebugInfoKind::Lines && !M.debug_compile_units().empty() &&
      getDebugMetadataVersionFromModule(Source) == DEBUG_METADATA_VERSION;
  if (Keep && !isValid(Closures)) {
    report(M.getContext(), DS_Warning,
           "the debug info in library '" + Source.getModuleIdentifier() +
               "' is not valid and is left out");
    Keep = false;
  }
  if (!Keep) {
    StripDebugInfo(Source);
    return;
  }
  for (GlobalVariable &GV : Source.globals())
    GV.eraseMetadata(LLVMContext::MD_dbg);
  for (Function &F : Source)
    if (F.isDeclaration())
      F.setSubprogram(nullptr);
  SmallPtrSet<const DISubprogram *, 16> Reduced;
  for (const HelperClosure &Closure : Closures) {
    DICompileUnit &Unit = findUnit(M, *Closure.Helper);
    for (Function *F : Closure.functions()) {
      dropVariables(*F);
      forEachSubprogram(*F, [&](DISubprogram &SP) {
        if (Reduced.insert(&SP).second)
          reduceToLines(SP, Unit);
      });
    }
  }
}

void inline_helpers::ensureLocation(CallBase &Call) {
  DISubprogram *SP = Call.getFunction()->getSubprogram();
  if (SP && !Call.getDebugLoc())
    Call.setDebugLoc(DILocation::get(Call.getContext(), /*Line=*/0,
                                     /*Column=*/0, SP));
}

void inline_helpers::dropStrayLocations(Function &F) {
  if (!F.getSubprogram())
    stripDebugInfo(F);
}
