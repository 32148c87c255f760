//===- NullPointer.cpp - Helpers that may access null ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/NullPointer.h"
#include "passes/CompatibilityRules.h"
#include "passes/LLVMVersion.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace inline_helpers;

/// On calls that are nobuiltin for the only reason that they may pass null:
/// that a C library function accesses its arguments is concluded from its name
/// (SimplifyLibCalls.cpp, annotateNonNullNoUndefBasedOnAccess).
static constexpr StringLiteral MayPassNull = "inline-helpers-may-pass-null";

//===----------------------------------------------------------------------===//
// What is never null
//===----------------------------------------------------------------------===//

/// Returns true if \p Pointer points into a variable.
static bool isKnownObject(const Value *Pointer) {
  const Value *Object = getUnderlyingObject(Pointer);
  if (isa<AllocaInst>(Object))
    return true;
  const auto *GV = dyn_cast<GlobalValue>(Object);
  return GV && !GV->hasExternalWeakLinkage();
}

/// Returns true if \p GEP leads upwards in memory and does not wrap around.
static bool isUpwards(const GEPOperator &GEP, const SimplifyQuery &Query) {
  if (GEP.getType()->isVectorTy())
    return false;
  if (GEP.hasNoUnsignedWrap())
    return true;
  return GEP.hasNoUnsignedSignedWrap() &&
         all_of(GEP.indices(), [&](const Use &Index) {
           return isKnownNonNegative(Index, Query);
         });
}

/// Returns true if \p Pointer is not null at the instruction of \p Query,
/// whether or not its function has null_pointer_is_valid.
///
/// That something is not null says nothing of what lies below it: an object at
/// address 0 may have members.
static bool isNeverNull(const Value *Pointer, const SimplifyQuery &Query) {
  if (!Pointer->getType()->isPointerTy())
    return false;
  if (isKnownObject(Pointer))
    return true;
  while (const auto *GEP = dyn_cast<GEPOperator>(Pointer)) {
    if (!isUpwards(*GEP, Query))
      break;
    Pointer = GEP->getPointerOperand();
  }
  return isKnownNonZero(Pointer, Query);
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

/// Returns the operands of \p I that are the address of an access, if it is of
/// a kind whose address space can be exchanged.
static SmallVector<Use *, 2> getAddresses(Instruction &I) {
  if (getLoadStorePointerOperand(&I))
    return {&I.getOperandUse(isa<LoadInst>(I)
                                 ? LoadInst::getPointerOperandIndex()
                                 : StoreInst::getPointerOperandIndex())};
  if (isa<AtomicRMWInst, AtomicCmpXchgInst>(I))
    return {&I.getOperandUse(0)};
  if (auto *Transfer = dyn_cast<MemTransferInst>(&I))
    return {&Transfer->getRawDestUse(), &Transfer->getRawSourceUse()};
  if (auto *Set = dyn_cast<MemSetInst>(&I))
    return {&Set->getRawDestUse()};
  return {};
}

/// Makes \p Address, an operand of an access, \p Pointer, of whatever address
/// space.
static void setAddress(Use &Address, Value *Pointer) {
  auto *Access = cast<Instruction>(Address.getUser());
  Address.set(Pointer);
  auto *Call = dyn_cast<MemIntrinsic>(Access);
  if (!Call)
    return;
  // These are overloaded on the types of their pointers and length.
  SmallVector<Type *, 3> Types = {Call->getRawDest()->getType()};
  if (const auto *Transfer = dyn_cast<MemTransferInst>(Call))
    Types.push_back(Transfer->getRawSource()->getType());
  Types.push_back(Call->getLength()->getType());
  Call->setCalledFunction(getIntrinsicDeclaration(
      *Call->getModule(), Call->getIntrinsicID(), Types));
}

namespace {
/// Repeats the address computations of a function in another address space.
class AddressMover {
public:
  /// \param MoveRoot gives the pointer in the new address space for one that
  ///        is not a getelementptr, where that has it.
  explicit AddressMover(function_ref<Value *(Value *)> MoveRoot)
      : MoveRoot(MoveRoot) {}

  Value *move(Value *Pointer) {
    if (Value *Moved = Cache.lookup(Pointer))
      return Moved;
    Value *Moved = repeat(Pointer);
    Cache[Pointer] = Moved;
    return Moved;
  }

private:
  Value *repeat(Value *Pointer) {
    auto *GEP = dyn_cast<GetElementPtrInst>(Pointer);
    if (!GEP)
      return MoveRoot(Pointer);
    Value *Base = move(GEP->getPointerOperand());
    return IRBuilder<>(GEP).CreateGEP(GEP->getSourceElementType(), Base,
                                      SmallVector<Value *>(GEP->indices()),
                                      GEP->getName(), GEP->getNoWrapFlags());
  }

  function_ref<Value *(Value *)> MoveRoot;
  DenseMap<Value *, Value *> Cache;
};
} // namespace

/// Moves \p Addresses; \p MoveRoot as for AddressMover.
static void moveAddresses(ArrayRef<Use *> Addresses,
                          function_ref<Value *(Value *)> MoveRoot) {
  AddressMover Mover(MoveRoot);
  SmallVector<WeakTrackingVH> Old;
  for (Use *Address : Addresses) {
    Old.push_back(Address->get());
    setAddress(*Address, Mover.move(*Address));
  }
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(Old);
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

/// Returns true if NullAddressSpace is the memory of address space 0, for the
/// code generator as well.
static bool hasNullAddressSpace(const Module &M) {
  Triple T = getTriple(M);
  const DataLayout &DL = M.getDataLayout();
  return (T.isX86() || T.isAArch64()) &&
         DL.getPointerSizeInBits(NullAddressSpace) ==
             DL.getPointerSizeInBits(0) &&
         !DL.isNonIntegralAddressSpace(NullAddressSpace);
}

/// Returns true if a sanitizer instruments \p F: they skip what is not in
/// address space 0.
static bool isSanitized(const Function &F) {
  return any_of(F.getAttributes().getFnAttrs(), [](Attribute A) {
    return getAttributeName(A).starts_with("sanitize_");
  });
}

namespace {
/// What there is to do in a function that loses null_pointer_is_valid.
struct Lowering {
  SmallVector<Use *> Addresses;  ///< They may be null.
  SmallVector<WeakVH> GEPs;      ///< They may start or end at null.
  SmallVector<CallBase *> Calls; ///< An argument may be null.
};
} // namespace

/// Returns true if \p ID neither accesses its pointers nor says that they could
/// be accessed.
static bool isHarmless(Intrinsic::ID ID) {
  switch (ID) {
  case Intrinsic::assume:
  case Intrinsic::invariant_start:
  case Intrinsic::invariant_end:
  case Intrinsic::is_constant:
  case Intrinsic::launder_invariant_group:
  case Intrinsic::lifetime_end:
  case Intrinsic::lifetime_start:
  case Intrinsic::objectsize:
  case Intrinsic::prefetch:
  case Intrinsic::ptr_annotation:
  case Intrinsic::ptrmask:
  case Intrinsic::stackrestore:
  case Intrinsic::strip_invariant_group:
    return true;
  default:
    return false;
  }
}

/// Adds what \p Call needs to \p Result.
///
/// \returns false if its meaning needs null_pointer_is_valid.
static bool planCall(CallBase &Call, const SimplifyQuery &Query,
                     Lowering &Result) {
  // Nothing is concluded from what assembly does.
  if (Call.isInlineAsm())
    return true;
  const Function *Callee = Call.getCalledFunction();
  if (!Callee && !isNeverNull(Call.getCalledOperand(), Query))
    return false;
  // An assumption that memory can be accessed.
  for (unsigned I = 0; I < Call.getNumOperandBundles(); ++I)
    if (Call.getOperandBundleAt(I).getTagName() == "dereferenceable")
      return false;
  bool PassesNull = false;
  for (const Use &Argument : Call.args()) {
    if (!Argument->getType()->isPtrOrPtrVectorTy() ||
        isNeverNull(Argument, Query))
      continue;
    if (Call.isPassPointeeByValueArgument(Call.getArgOperandNo(&Argument)))
      return false;
    PassesNull = true;
  }
  if (!PassesNull)
    return true;
  if (Callee && Callee->isIntrinsic())
    return isHarmless(Callee->getIntrinsicID());
  if (!Call.isNoBuiltin())
    Result.Calls.push_back(&Call);
  return true;
}

/// Returns the pointer that \p Pointer is computed from.
static Value *getRoot(Value *Pointer) {
  while (auto *GEP = dyn_cast<GetElementPtrInst>(Pointer))
    Pointer = GEP->getPointerOperand();
  return Pointer;
}

/// Returns where \p Pointer, which is of \p F, is first available; nothing if
/// that is not one place, as for a result of asm goto.
static std::optional<BasicBlock::iterator> getPlaceAfter(Value *Pointer,
                                                         Function &F) {
  if (auto *I = dyn_cast<Instruction>(Pointer))
    return I->getInsertionPointAfterDef();
  return F.getEntryBlock().getFirstNonPHIOrDbgOrAlloca();
}

/// Returns what to do in \p F, or nothing if its meaning needs
/// null_pointer_is_valid.
static std::optional<Lowering> plan(Function &F) {
  DominatorTree DT(F);
  AssumptionCache AC(F);
  Lowering Result;
  for (Instruction &I : instructions(F)) {
    SimplifyQuery Query(F.getDataLayout(), &DT, &AC, &I);
    SmallVector<Use *, 2> Addresses = getAddresses(I);
    for (Use *Address : Addresses) {
      if (Address->get()->getType()->getPointerAddressSpace() != 0 ||
          isNeverNull(*Address, Query))
        continue;
      if (!getPlaceAfter(getRoot(*Address), F))
        return std::nullopt;
      Result.Addresses.push_back(Address);
    }
    if (!Addresses.empty())
      continue;
    if (auto *GEP = dyn_cast<GetElementPtrInst>(&I)) {
      if (GEP->isInBounds() && GEP->getAddressSpace() == 0 &&
          !isNeverNull(GEP, Query))
        Result.GEPs.push_back(GEP);
    } else if (auto *Call = dyn_cast<CallBase>(&I)) {
      if (!planCall(*Call, Query, Result))
        return std::nullopt;
    } else if (I.mayReadOrWriteMemory() && !isa<FenceInst>(I)) {
      return std::nullopt;
    }
  }
  return Result;
}

/// Returns \p Pointer, which is of \p F, in NullAddressSpace.
static Value *hideNull(Value *Pointer, Function &F) {
  BasicBlock::iterator Where = *getPlaceAfter(Pointer, F);
  IRBuilder<> Builder(Where->getParent(), Where);
  Type *Address = Builder.getIntPtrTy(F.getDataLayout());
  return Builder.CreateIntToPtr(Builder.CreatePtrToInt(Pointer, Address),
                                Builder.getPtrTy(NullAddressSpace),
                                Pointer->getName());
}

/// Returns \p List with dereferenceable, which implies nonnull where
/// null_pointer_is_valid is missing, made dereferenceable_or_null.
static AttributeList allowNull(AttributeList List, LLVMContext &Context) {
  for (unsigned Index : List.indexes()) {
    AttributeSet Set = List.getAttributes(Index);
    uint64_t Bytes = Set.getDereferenceableBytes();
    if (!Bytes || Set.hasAttribute(Attribute::NonNull))
      continue;
    List =
        List.removeAttributeAtIndex(Context, Index, Attribute::Dereferenceable)
            .addAttributeAtIndex(
                Context, Index,
                Attribute::getWithDereferenceableOrNullBytes(Context, Bytes));
  }
  return List;
}

/// Makes what \p F and its calls say of pointers true without
/// null_pointer_is_valid.
static void allowNull(Function &F) {
  LLVMContext &Context = F.getContext();
  F.setAttributes(allowNull(F.getAttributes(), Context));
  for (Instruction &I : instructions(F)) {
    if (auto *Call = dyn_cast<CallBase>(&I)) {
      Call->setAttributes(allowNull(Call->getAttributes(), Context));
      // What the declaration says holds at the call too.
      if (Function *Callee = Call->getCalledFunction())
        Callee->setAttributes(allowNull(Callee->getAttributes(), Context));
    } else if (MDNode *MD = I.getMetadata(LLVMContext::MD_dereferenceable)) {
      I.setMetadata(LLVMContext::MD_dereferenceable, nullptr);
      I.setMetadata(LLVMContext::MD_dereferenceable_or_null, MD);
    }
  }
}

void inline_helpers::lowerNullPointerIsValid(Function &F) {
  if (!F.hasFnAttribute(Attribute::NullPointerIsValid))
    return;
  std::optional<Lowering> Plan = plan(F);
  if (!Plan)
    return;
  if (!Plan->Addresses.empty() &&
      (isSanitized(F) || !hasNullAddressSpace(*F.getParent())))
    return;

  auto HideNull = [&](Value *Pointer) { return hideNull(Pointer, F); };
  moveAddresses(Plan->Addresses, HideNull);
  // Without the attribute nothing is in bounds around null: LLVM would conclude
  // that the result is not null.
  for (const WeakVH &Handle : Plan->GEPs)
    if (auto *GEP = cast_or_null<GetElementPtrInst>(Handle))
      GEP->setNoWrapFlags(GEP->getNoWrapFlags().withoutInBounds());
  for (CallBase *Call : Plan->Calls) {
    Call->addFnAttr(Attribute::NoBuiltin);
    Call->addFnAttr(Attribute::get(F.getContext(), MayPassNull));
  }
  allowNull(F);
  F.removeFnAttr(Attribute::NullPointerIsValid);
}

//===----------------------------------------------------------------------===//
// Simplifying
//===----------------------------------------------------------------------===//

/// Returns the pointer whose address \p Pointer is in NullAddressSpace, or null
/// if it is not made by hideNull.
static Value *getHidden(Value *Pointer) {
  auto *Plain = dyn_cast<Operator>(Pointer);
  if (!Plain || Plain->getOpcode() != Instruction::IntToPtr)
    return nullptr;
  auto *Address = dyn_cast<PtrToIntOperator>(Plain->getOperand(0));
  if (!Address || Address->getPointerAddressSpace() != 0)
    return nullptr;
  return Address->getPointerOperand();
}

/// Returns true if \p Address, which is computed from what hideNull made of \p
/// Pointer, is not null.
static bool isRestorable(Value *Address, const Value *Pointer,
                         const SimplifyQuery &Query) {
  if (isKnownObject(Pointer))
    return true;
  while (auto *GEP = dyn_cast<GetElementPtrInst>(Address)) {
    if (!isUpwards(cast<GEPOperator>(*GEP), Query))
      return false;
    Address = GEP->getPointerOperand();
  }
  return isNeverNull(Pointer, Query);
}

/// Returns true if none of the pointers \p Call passes is null.
static bool passesNoNull(const CallBase &Call, const SimplifyQuery &Query) {
  return all_of(Call.args(), [&](const Use &Argument) {
    return !Argument->getType()->isPtrOrPtrVectorTy() ||
           isNeverNull(Argument, Query);
  });
}

namespace {
/// What lowerNullPointerIsValid left in a function.
struct Lowered {
  SmallVector<Use *> Addresses;
  SmallVector<CallBase *> Calls;

  bool empty() const { return Addresses.empty() && Calls.empty(); }
};
} // namespace

static Lowered findLowered(Function &F) {
  Lowered Result;
  for (Instruction &I : instructions(F)) {
    for (Use *Address : getAddresses(I))
      if (Address->get()->getType()->getPointerAddressSpace() ==
              NullAddressSpace &&
          getHidden(getRoot(*Address)))
        Result.Addresses.push_back(Address);
    if (auto *Call = dyn_cast<CallBase>(&I))
      // Of the two that such a call has, this one is found without its name.
      if (Call->getAttributes().hasFnAttr(Attribute::NoBuiltin) &&
          Call->getAttributes().hasFnAttr(MayPassNull))
        Result.Calls.push_back(Call);
  }
  return Result;
}

static bool simplify(Function &F, const Lowered &Found, DominatorTree &DT,
                     AssumptionCache &AC) {
  bool Changed = false;
  for (CallBase *Call : Found.Calls) {
    if (!passesNoNull(*Call, SimplifyQuery(F.getDataLayout(), &DT, &AC, Call)))
      continue;
    Call->removeFnAttr(Attribute::NoBuiltin);
    Call->removeFnAttr(MayPassNull);
    Changed = true;
  }

  SmallVector<Use *> Known, Computed;
  for (Use *Address : Found.Addresses) {
    Value *Pointer = getHidden(getRoot(*Address));
    SimplifyQuery Query(F.getDataLayout(), &DT, &AC,
                        cast<Instruction>(Address->getUser()));
    if (isRestorable(*Address, Pointer, Query))
      Known.push_back(Address);
    else if (isa<GetElementPtrInst>(Pointer) &&
             getPlaceAfter(getRoot(Pointer), F))
      Computed.push_back(Address);
  }
  moveAddresses(Known, getHidden);
  auto Hide = [&](Value *Pointer) { return hideNull(Pointer, F); };
  AddressMover Mover(Hide);
  moveAddresses(Computed,
                [&](Value *Root) { return Mover.move(getHidden(Root)); });
  return Changed || !Known.empty() || !Computed.empty();
}

bool inline_helpers::simplifyNullAccesses(Function &F) {
  Lowered Found = findLowered(F);
  if (Found.empty())
    return false;
  DominatorTree DT(F);
  AssumptionCache AC(F);
  return simplify(F, Found, DT, AC);
}

PreservedAnalyses SimplifyNullAccessesPass::run(Function &F,
                                                FunctionAnalysisManager &FAM) {
  Lowered Found = findLowered(F);
  if (Found.empty() ||
      !simplify(F, Found, FAM.getResult<DominatorTreeAnalysis>(F),
                FAM.getResult<AssumptionAnalysis>(F)))
    return PreservedAnalyses::all();
  PreservedAnalyses PA;
  PA.preserveSet<CFGAnalyses>();
  return PA;
}
