//===- Inline.cpp - Inlines imported helpers ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Inline.h"
#include "passes/DebugInfo.h"
#include "passes/Step.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace inline_helpers;

/// Calls \p Use with each call whose result is what \p F returns, and nothing
/// else.
static void forEachFinalCall(Function &F, function_ref<void(CallBase &)> Use) {
  SmallVector<Value *, 8> Worklist;
  SmallPtrSet<Value *, 8> Seen;
  for (BasicBlock &Block : F)
    if (auto *Return = dyn_cast<ReturnInst>(Block.getTerminator()))
      if (Value *Result = Return->getReturnValue())
        Worklist.push_back(Result);
  while (!Worklist.empty()) {
    Value *Result = Worklist.pop_back_val();
    if (!Result->hasOneUse() || !Seen.insert(Result).second)
      continue;
    if (auto *Call = dyn_cast<CallBase>(Result))
      Use(*Call);
    else if (auto *Phi = dyn_cast<PHINode>(Result))
      Worklist.append(Phi->value_op_begin(), Phi->value_op_end());
  }
}

/// Lets calls at the end of \p Caller be jumps. LLVM makes one of them only if
/// both functions extend a small result alike, and rustc does not extend what
/// C does: there the call need not know that its result is extended.
static void relaxFinalCalls(Function &Caller) {
  forEachFinalCall(Caller, [&](CallBase &Call) {
    for (Attribute::AttrKind Kind : {Attribute::ZExt, Attribute::SExt})
      if (!Caller.hasRetAttribute(Kind))
        Call.removeRetAttr(Kind);
  });
}

namespace {
/// A call, and the helpers whose inlining made it appear.
struct CallToInline {
  CallBase *Call;
  SmallVector<Function *, 2> History;
};
} // namespace

std::vector<FailedInlining>
inline_helpers::inlineCalls(ArrayRef<CallBase *> Calls,
                            const SetVector<Function *> &Helpers,
                            function_ref<bool(const CallBase &)> MayInline,
                            SetVector<Function *> &Callers, bool DeleteBodies,
                            const PassInstrumentation &Instrumentation) {
  std::vector<FailedInlining> Failed;
  // Later calls are taken first, so a stack is filled in reverse.
  SmallVector<CallToInline, 16> Stack;
  for (CallBase *Call : reverse(Calls))
    Stack.push_back({Call, {}});
  while (!Stack.empty()) {
    CallToInline Current = Stack.pop_back_val();
    Function *Helper = Current.Call->getCalledFunction();
    Function *Caller = Current.Call->getCaller();
    ensureLocation(*Current.Call);
    Step Inlining(Instrumentation, *Caller->getParent(),
                  "import-helpers: inline");
    // No assumption cache: at the start of a pipeline there is none to update,
    // and to make one takes the target's view of every caller.
    InlineFunctionInfo Info;
    InlineResult Result = InlineFunction(*Current.Call, Info,
                                         /*MergeAttributes=*/true);
    if (!Result.isSuccess()) {
      Failed.push_back({Current.Call, Result.getFailureReason()});
      continue;
    }
    Callers.insert(Caller);
    if (DeleteBodies && Helper->use_empty())
      Helper->deleteBody();
    Current.History.push_back(Helper);
    for (CallBase *Call : reverse(Info.InlinedCallSites))
      if (Function *Nested = Call->getCalledFunction();
          Helpers.contains(Nested) && !is_contained(Current.History, Nested) &&
          MayInline(*Call))
        Stack.push_back({Call, Current.History});
  }
  for (Function *Caller : Callers) {
    dropStrayLocations(*Caller);
    relaxFinalCalls(*Caller);
  }
  return Failed;
}
