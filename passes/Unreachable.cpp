//===- Unreachable.cpp - Calls that are undefined behaviour ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Unreachable.h"
#include "passes/Diagnostics.h"
#include "passes/Inline.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Transforms/Scalar/CorrelatedValuePropagation.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SCCP.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// What is told
//===----------------------------------------------------------------------===//

namespace {
/// What is undefined.
enum class Cause { Unreachable, Assumption, Division, NullAccess, NullCall };
} // namespace

static StringRef describe(Cause C) {
  switch (C) {
  case Cause::Unreachable:
    return "code marked unreachable, or without the return it needs";
  case Cause::Assumption:
    return "an assumption that does not hold";
  case Cause::Division:
    return "a division by zero";
  case Cause::NullAccess:
    return "an access through a null pointer";
  case Cause::NullCall:
    return "a call of a null pointer";
  }
  llvm_unreachable("no such cause");
}

std::string UnreachableCall::message() const {
  std::string Text = "becomes unreachable in '" + getDisplayName(Caller) + "'";
  if (!Location.empty())
    Text += " at " + Location;
  return Text + ": it always ends in " + Cause +
         "; help: check what this call hands to the helper, and that the "
         "helper returns on every path";
}

//===----------------------------------------------------------------------===//
// Hazards: what in a helper may be undefined
//===----------------------------------------------------------------------===//

namespace {
/// An instruction that is undefined behaviour on a condition.
struct Hazard {
  Cause Why;
  Instruction *At;
  /// Undefined if it is null or zero; null: whenever it is executed.
  Value *Decides;
};

/// What in a helper's body matters here.
struct HelperBody {
  SmallVector<Hazard> Hazards;
  SmallVector<CallBase *> Nested; ///< Direct calls of imported helpers.
};
} // namespace

/// Returns the last instruction before \p End in its block that code outside
/// it can see: a call, or assembly that is not empty.
static const CallBase *getCallBefore(const Instruction &End) {
  for (const Instruction *I = End.getPrevNode(); I; I = I->getPrevNode()) {
    const auto *Call = dyn_cast<CallBase>(I);
    if (!Call || (isa<IntrinsicInst>(Call) && !Call->doesNotReturn()))
      continue;
    const auto *Asm = dyn_cast<InlineAsm>(Call->getCalledOperand());
    if (!Asm || !Asm->getAsmString().empty())
      return Call;
  }
  // asm goto ends its block.
  const BasicBlock *Before = End.getParent()->getSinglePredecessor();
  return Before ? dyn_cast<CallBrInst>(Before->getTerminator()) : nullptr;
}

/// Returns true if \p End is there because what comes before it does not come
/// back. What follows a plain call in a function with a result is what clang
/// makes of a missing return; without a result there is none to miss, and the
/// author says that the callee does not return.
static bool endsOnPurpose(const UnreachableInst &End) {
  const CallBase *Call = getCallBefore(End);
  if (!Call)
    return false;
  if (Call->isInlineAsm() || Call->doesNotReturn())
    return true;
  const Function &F = *End.getFunction();
  return F.getReturnType()->isVoidTy() && !F.hasStructRetAttr();
}

/// Returns the pointer that \p I accesses memory through, or null. An access
/// to a volatile object is never undefined to LLVM.
static Value *getAccessedPointer(Instruction &I) {
  if (I.isVolatile())
    return nullptr;
  if (auto *Intrinsic = dyn_cast<MemIntrinsic>(&I)) {
    auto *Length = dyn_cast<ConstantInt>(Intrinsic->getLength());
    return Length && !Length->isZero() ? Intrinsic->getRawDest() : nullptr;
  }
  if (isa<AtomicRMWInst, AtomicCmpXchgInst>(I))
    return I.getOperand(0);
  return getLoadStorePointerOperand(&I);
}

/// Returns what decides whether \p I accesses memory through null, or null if
/// it does not.
static Value *getNullPointerRisk(Instruction &I) {
  Value *Pointer = getAccessedPointer(I);
  if (!Pointer ||
      NullPointerIsDefined(I.getFunction(),
                           Pointer->getType()->getPointerAddressSpace()))
    return nullptr;
  // A field of null is as undefined.
  Value *Base = Pointer->stripInBoundsOffsets();
  return isa<AllocaInst, Constant>(Base) && !isa<ConstantPointerNull>(Base)
             ? nullptr
             : Base;
}

static Value *getDivisor(Instruction &I) {
  return I.isIntDivRem() && I.getType()->isIntegerTy() ? I.getOperand(1)
                                                       : nullptr;
}

static HelperBody readBody(Function &Helper,
                           const SetVector<Function *> &Helpers) {
  HelperBody Body;
  // Only the first access of a block through one pointer can be the first to
  // be undefined.
  DenseSet<std::pair<const BasicBlock *, const Value *>> Accessed;
  for (Instruction &I : instructions(Helper)) {
    if (auto *End = dyn_cast<UnreachableInst>(&I)) {
      if (!endsOnPurpose(*End))
        Body.Hazards.push_back({Cause::Unreachable, &I, nullptr});
    } else if (auto *Assume = dyn_cast<AssumeInst>(&I)) {
      if (!isa<Constant>(Assume->getArgOperand(0)))
        Body.Hazards.push_back(
            {Cause::Assumption, &I, Assume->getArgOperand(0)});
    } else if (Value *Divisor = getDivisor(I)) {
      Body.Hazards.push_back({Cause::Division, &I, Divisor});
    } else if (Value *Pointer = getNullPointerRisk(I)) {
      if (Accessed.insert({I.getParent(), Pointer}).second)
        Body.Hazards.push_back({Cause::NullAccess, &I, Pointer});
    } else if (auto *Call = dyn_cast<CallBase>(&I)) {
      if (Helpers.contains(Call->getCalledFunction()))
        Body.Nested.push_back(Call);
      else if (Call->isIndirectCall() && !NullPointerIsDefined(&Helper))
        Body.Hazards.push_back({Cause::NullCall, &I, Call->getCalledOperand()});
    }
  }
  return Body;
}

//===----------------------------------------------------------------------===//
// May the caller decide it?
//===----------------------------------------------------------------------===//

namespace {
/// A call on the way from the crate into helpers.
struct Frame {
  const CallBase *Call;
  const Frame *Outer; ///< Null: the call is the crate's.
};

/// Answers from the arguments of a call alone whether it is worth a try.
class Prospect {
public:
  Prospect(const SetVector<Function *> &Helpers,
           DenseMap<Function *, HelperBody> &Bodies)
      : Helpers(Helpers), Bodies(Bodies) {}

  /// Returns true if a hazard in the helper that \p Call calls, or in one that
  /// helper calls, may be decided by what is known in the crate's function.
  bool isDecided(const CallBase &Call) { return isDecided(Call, nullptr, 0); }

private:
  /// How far calls and operands are followed. What is further away is tried.
  static constexpr unsigned MaxCalls = 4;
  static constexpr unsigned MaxOperands = 8;

  bool isDecided(const CallBase &Call, const Frame *Outer, unsigned Depth);
  bool mayBeNull(const Value *V, const Frame *Here) const;
  bool mayFold(const Value *V, const Frame *Here, unsigned Depth) const;

  const SetVector<Function *> &Helpers;
  DenseMap<Function *, HelperBody> &Bodies;
};
} // namespace

/// Goes from a parameter to what the call gives for it, as far out as it goes.
static const Value *resolve(const Value *V, const Frame *&Here) {
  while (Here && isa<Argument>(V)) {
    V = Here->Call->getArgOperand(cast<Argument>(V)->getArgNo());
    Here = Here->Outer;
  }
  return V;
}

/// Returns true if a condition may say what \p V is.
static bool isCompared(const Value *V) {
  return any_of(V->users(), IsaPred<ICmpInst, SwitchInst>);
}

bool Prospect::isDecided(const CallBase &Call, const Frame *Outer,
                         unsigned Depth) {
  if (Depth == MaxCalls)
    return true;
  const HelperBody &Body = Bodies[Call.getCalledFunction()];
  Frame Here = {&Call, Outer};
  return any_of(Body.Hazards,
                [&](const Hazard &H) {
                  switch (H.Why) {
                  case Cause::Unreachable:
                  case Cause::Assumption:
                    return true;
                  case Cause::Division:
                  case Cause::NullAccess:
                  case Cause::NullCall:
                    return mayBeNull(H.Decides, &Here);
                  }
                  llvm_unreachable("no such cause");
                }) ||
         any_of(Body.Nested, [&](const CallBase *Nested) {
           return isDecided(*Nested, &Here, Depth + 1);
         });
}

bool Prospect::mayBeNull(const Value *V, const Frame *Here) const {
  V = resolve(V, Here);
  if (const auto *C = dyn_cast<Constant>(V))
    return C->isNullValue() || isa<UndefValue>(C);
  return mayFold(V, Here, 0);
}

/// Returns true if \p V may turn out to be a constant once its function is
/// simplified.
bool Prospect::mayFold(const Value *V, const Frame *Here,
                       unsigned Depth) const {
  if (Depth == MaxOperands)
    return true;
  V = resolve(V, Here);
  if (isa<Constant>(V))
    return !isa<GlobalValue>(V);
  if (isa<AllocaInst>(V))
    return false;
  auto MayFold = [&](const Value *Operand) {
    return mayFold(Operand, Here, Depth + 1);
  };
  if (const auto *Load = dyn_cast<LoadInst>(V)) {
    // What a local variable of a caller holds may be known.
    const Frame *Where = Here;
    const Value *Object =
        resolve(getUnderlyingObject(Load->getPointerOperand()), Where);
    Object = getUnderlyingObject(Object);
    return isa<AllocaInst, GlobalVariable>(Object) || isCompared(V);
  }
  if (const auto *Call = dyn_cast<CallBase>(V)) {
    if (Helpers.contains(Call->getCalledFunction()))
      return true;
    return isa<IntrinsicInst>(Call) ? all_of(Call->args(), MayFold)
                                    : isCompared(V);
  }
  if (const auto *Phi = dyn_cast<PHINode>(V))
    return any_of(Phi->incoming_values(), MayFold);
  if (const auto *Select = dyn_cast<SelectInst>(V))
    return MayFold(Select->getTrueValue()) || MayFold(Select->getFalseValue());
  if (const auto *I = dyn_cast<Instruction>(V))
    if (!I->mayReadOrWriteMemory() && all_of(I->operands(), MayFold))
      return true;
  return isCompared(V);
}

//===----------------------------------------------------------------------===//
// The trial
//===----------------------------------------------------------------------===//

namespace {
/// Inlines and simplifies copies, and removes them all in the end.
class Trial {
public:
  Trial(Module &M, const SetVector<Function *> &Helpers,
        DenseMap<Function *, HelperBody> &Bodies,
        function_ref<bool(const CallBase &)> MayInline,
        FunctionAnalysisManager &FAM);
  ~Trial();

  /// Returns why each of \p Calls is undefined, if it is: all the calls of
  /// helpers in \p Caller that are to be inlined.
  SmallVector<std::optional<Cause>> run(Function &Caller,
                                        ArrayRef<CallBase *> Calls);

private:
  Function *declareMarker();
  CallInst *createMarker(Function *Marker, unsigned Number,
                         Instruction *Before);
  bool isMarker(const CallBase &Call, const Function *Marker,
                unsigned Number) const;
  void findHazardous();
  Function *getCopy(Function &Helper);
  void simplify(Function &F);
  std::optional<Cause> getCause(const BasicBlock &End,
                                BasicBlock::const_iterator From) const;
  std::optional<Cause> isUndefined(const CallInst &Entry,
                                   unsigned Number) const;

  Module &M;
  Function &Last; ///< The module's; everything after it is the trial's.
  DenseMap<Function *, HelperBody> &Bodies;
  function_ref<bool(const CallBase &)> MayInline;
  FunctionAnalysisManager &FAM;
  SetVector<Function *> Helpers;  ///< The imported ones, and their copies.
  DenseSet<Function *> Hazardous; ///< Those that have a hazard at any depth.
  DenseMap<Function *, Function *> Copies;
  Function *Enter, *Leave, *Undefined; ///< Markers.
};
} // namespace

/// Copies \p F into its module, without a name: a name that is taken would
/// change the numbers LLVM gives to other names later.
static Function *copyFunction(Function &F, ValueToValueMapTy &VMap) {
  Function *Copy =
      Function::Create(F.getFunctionType(), GlobalValue::InternalLinkage,
                       F.getAddressSpace(), "", F.getParent());
  for (auto [From, To] : zip_equal(F.args(), Copy->args()))
    VMap[&From] = &To;
  SmallVector<ReturnInst *, 8> Returns;
  CloneFunctionInto(Copy, &F, VMap, CloneFunctionChangeType::LocalChangesOnly,
                    Returns);
  return Copy;
}

Trial::Trial(Module &M, const SetVector<Function *> &Helpers,
             DenseMap<Function *, HelperBody> &Bodies,
             function_ref<bool(const CallBase &)> MayInline,
             FunctionAnalysisManager &FAM)
    : M(M), Last(M.getFunctionList().back()), Bodies(Bodies),
      MayInline(MayInline), FAM(FAM), Helpers(Helpers), Enter(declareMarker()),
      Leave(declareMarker()), Undefined(declareMarker()) {
  Undefined->setDoesNotReturn();
  findHazardous();
}

Trial::~Trial() {
  auto Ours = make_range(std::next(Last.getIterator()), M.end());
  for (Function &F : Ours) {
    FAM.clear(F, F.getName());
    F.dropAllReferences();
  }
  for (Function &F : make_early_inc_range(Ours))
    F.eraseFromParent();
}

/// Declares a function that is called with a number. A call of it does
/// something that LLVM cannot know, and nothing to memory.
Function *Trial::declareMarker() {
  LLVMContext &Context = M.getContext();
  auto *F = Function::Create(FunctionType::get(Type::getVoidTy(Context),
                                               {Type::getInt32Ty(Context)},
                                               /*isVarArg=*/false),
                             GlobalValue::ExternalLinkage, "", M);
  F->setOnlyAccessesInaccessibleMemory();
  F->setDoesNotThrow();
  return F;
}

CallInst *Trial::createMarker(Function *Marker, unsigned Number,
                              Instruction *Before) {
  IRBuilder<> Builder(Before);
  CallInst *Call = Builder.CreateCall(Marker, {Builder.getInt32(Number)});
  // Each stands for one call.
  if (Marker != Undefined)
    Call->addFnAttr(Attribute::NoDuplicate);
  return Call;
}

bool Trial::isMarker(const CallBase &Call, const Function *Marker,
                     unsigned Number) const {
  return Call.getCalledFunction() == Marker &&
         cast<ConstantInt>(Call.getArgOperand(0))->equalsInt(Number);
}

void Trial::findHazardous() {
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (Function *Helper : Helpers) {
      const HelperBody &Body = Bodies[Helper];
      if (!Body.Hazards.empty() ||
          any_of(Body.Nested, [&](const CallBase *Call) {
            return Hazardous.contains(Call->getCalledFunction());
          }))
        Changed |= Hazardous.insert(Helper).second;
    }
  }
}

/// Returns a copy of \p Helper whose hazards are branches to a marker that
/// names the cause; \p Helper itself if it has none.
Function *Trial::getCopy(Function &Helper) {
  if (!Hazardous.contains(&Helper))
    return &Helper;
  Function *&Known = Copies[&Helper];
  if (Known)
    return Known;
  ValueToValueMapTy VMap;
  Function *Copy = Known = copyFunction(Helper, VMap);
  Helpers.insert(Copy);
  const HelperBody &Body = Bodies[&Helper];
  for (const Hazard &H : Body.Hazards) {
    auto *At = cast<Instruction>(VMap[H.At]);
    if (H.Decides) {
      Value *Decides = VMap.lookup(H.Decides);
      if (!Decides)
        Decides = H.Decides; // a constant
      IRBuilder<> Builder(At);
      At = SplitBlockAndInsertIfThen(Builder.CreateIsNull(Decides), At,
                                     /*Unreachable=*/true);
    }
    createMarker(Undefined, static_cast<unsigned>(H.Why), At);
  }
  for (CallBase *Nested : Body.Nested) {
    auto *Call = cast<CallBase>(VMap[Nested]);
    Call->setCalledFunction(getCopy(*Nested->getCalledFunction()));
  }
  return Copy;
}

/// Simplifies \p F as far as constants, conditions and local variables go.
///
/// The passes are run one by one: a pass manager would tell the host's
/// instrumentation (-print-after, -opt-bisect-limit) of a function that is no
/// part of the crate, and skip functions marked optnone.
void Trial::simplify(Function &F) {
  auto Run = [&](auto Pass) { FAM.invalidate(F, Pass.run(F, FAM)); };
  Run(SROAPass(SROAOptions::ModifyCFG));
  Run(EarlyCSEPass(/*UseMemorySSA=*/true));
  Run(SCCPPass());
  Run(CorrelatedValuePropagationPass());
  Run(SimplifyCFGPass());
}

/// Returns why \p End, which ends in `unreachable`, is undefined from \p From
/// on, if it is.
std::optional<Cause> Trial::getCause(const BasicBlock &End,
                                     BasicBlock::const_iterator From) const {
  std::optional<Cause> Found = Cause::Unreachable;
  for (const Instruction &I : make_range(From, End.end())) {
    const auto *Call = dyn_cast<CallBase>(&I);
    if (!Call || (isa<IntrinsicInst>(Call) && !Call->doesNotReturn()) ||
        Call->getCalledFunction() == Enter)
      continue;
    if (Call->getCalledFunction() != Undefined) {
      Found = std::nullopt; // It may be the end, on purpose.
      continue;
    }
    Found = static_cast<Cause>(
        cast<ConstantInt>(Call->getArgOperand(0))->getZExtValue());
    // Another helper's attribute holds for the whole caller once it is there.
    if (*Found == Cause::NullAccess && NullPointerIsDefined(End.getParent()))
      return std::nullopt;
  }
  return Found;
}

/// Returns why every path from \p Entry, the marker before call \p Number, is
/// undefined before the call is over, if every one is.
std::optional<Cause> Trial::isUndefined(const CallInst &Entry,
                                        unsigned Number) const {
  std::optional<Cause> Found;
  SetVector<const BasicBlock *> Visited;
  SmallVector<const BasicBlock *> Ends;
  Visited.insert(Entry.getParent());
  for (size_t Next = 0; Next != Visited.size(); ++Next) {
    const BasicBlock *Block = Visited[Next];
    BasicBlock::const_iterator From =
        Next == 0 ? Entry.getIterator() : Block->begin();
    if (any_of(make_range(From, Block->end()), [&](const Instruction &I) {
          const auto *Call = dyn_cast<CallBase>(&I);
          return Call && isMarker(*Call, Leave, Number);
        }))
      return std::nullopt;
    if (!succ_empty(Block)) {
      Visited.insert(succ_begin(Block), succ_end(Block));
      continue;
    }
    std::optional<Cause> Why = isa<UnreachableInst>(Block->getTerminator())
                                   ? getCause(*Block, From)
                                   : std::nullopt;
    if (!Why)
      return std::nullopt;
    Found = Found ? Found : Why;
    Ends.push_back(Block);
  }
  // A loop without an exit is no end: the kernel halts in one.
  SmallPtrSet<const BasicBlock *, 16> Ending(Ends.begin(), Ends.end());
  while (!Ends.empty())
    for (const BasicBlock *Before : predecessors(Ends.pop_back_val()))
      if (Visited.contains(Before) && Ending.insert(Before).second)
        Ends.push_back(Before);
  return Ending.size() == Visited.size() ? Found : std::nullopt;
}

SmallVector<std::optional<Cause>> Trial::run(Function &Caller,
                                             ArrayRef<CallBase *> Calls) {
  ValueToValueMapTy VMap;
  Function *Copy = copyFunction(Caller, VMap);
  std::vector<CallBase *> Copied;
  for (auto [Number, Original] : enumerate(Calls)) {
    auto *Call = cast<CallBase>(VMap[Original]);
    Copied.push_back(Call);
    Function *Helper = getCopy(*Original->getCalledFunction());
    if (Helper == Original->getCalledFunction())
      continue;
    createMarker(Enter, Number, Call);
    auto *Invoke = dyn_cast<InvokeInst>(Call);
    createMarker(Leave, Number,
                 Invoke ? &*Invoke->getNormalDest()->getFirstInsertionPt()
                        : Call->getNextNode());
    Call->setCalledFunction(Helper);
  }
  SetVector<Function *> Changed;
  inlineCalls(Copied, Helpers, MayInline, Changed, /*DeleteBodies=*/false);
  simplify(*Copy);

  SmallVector<std::optional<Cause>> Found(Calls.size());
  // A call whose marker is gone is in code that is never executed.
  for (const Instruction &I : instructions(*Copy)) {
    const auto *Entry = dyn_cast<CallInst>(&I);
    if (!Entry || Entry->getCalledFunction() != Enter)
      continue;
    unsigned Number =
        cast<ConstantInt>(Entry->getArgOperand(0))->getZExtValue();
    Found[Number] = isUndefined(*Entry, Number);
  }
  FAM.clear(*Copy, Copy->getName());
  Copy->eraseFromParent();
  return Found;
}

std::vector<UnreachableCall>
inline_helpers::findUnreachable(ArrayRef<CallBase *> Calls,
                                const SetVector<Function *> &Helpers,
                                function_ref<bool(const CallBase &)> MayInline,
                                FunctionAnalysisManager &FAM) {
  DenseMap<Function *, HelperBody> Bodies;
  for (Function *Helper : Helpers)
    Bodies[Helper] = readBody(*Helper, Helpers);
  MapVector<Function *, SmallVector<CallBase *>> CallsOf;
  SetVector<Function *> ToTry;
  Prospect Outlook(Helpers, Bodies);
  for (CallBase *Call : Calls) {
    Function *Caller = Call->getCaller();
    CallsOf[Caller].push_back(Call);
    if (!ToTry.contains(Caller) && Outlook.isDecided(*Call))
      ToTry.insert(Caller);
  }
  std::vector<UnreachableCall> Result;
  if (ToTry.empty())
    return Result;
  Trial Attempt(*ToTry.front()->getParent(), Helpers, Bodies, MayInline, FAM);
  for (Function *Caller : ToTry) {
    ArrayRef<CallBase *> Here = CallsOf[Caller];
    for (auto [Call, Why] : zip_equal(Here, Attempt.run(*Caller, Here)))
      if (Why)
        Result.push_back({Call->getCalledFunction()->getName().str(),
                          Caller->getName().str(), getLocation(*Call),
                          describe(*Why).str()});
  }
  return Result;
}
