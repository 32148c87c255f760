//===- Signature.cpp - Does a call fit a definition? ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Signature.h"
#include "passes/LLVMVersion.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

static constexpr Attribute::AttrKind ABIAttributes[] = {
    Attribute::ByRef,      Attribute::ByVal,          Attribute::InAlloca,
    Attribute::InReg,      Attribute::Nest,           Attribute::Preallocated,
    Attribute::SExt,       Attribute::StackAlignment, Attribute::StructRet,
    Attribute::SwiftAsync, Attribute::SwiftError,     Attribute::SwiftSelf,
    Attribute::ZExt};

/// Returns the attribute of kind \p Kind that counts for argument or return
/// value \p Index of a call: its own, or the declaration's.
static Attribute getAttributeOfCall(const CallBase &CB, unsigned Index,
                                    Attribute::AttrKind Kind,
                                    const Function &Declaration) {
  Attribute A = CB.getAttributes().getAttributeAtIndex(Index, Kind);
  return A.isValid()
             ? A
             : Declaration.getAttributes().getAttributeAtIndex(Index, Kind);
}

static bool isSameABI(Attribute A, Attribute B, const DataLayout &DL) {
  if (A.isValid() != B.isValid())
    return false;
  if (!A.isValid() || A == B)
    return true;
  // Rust and C name the type of a sret or byval argument differently.
  return A.isTypeAttribute() && A.getValueAsType() && B.getValueAsType() &&
         DL.getTypeAllocSize(A.getValueAsType()) ==
             DL.getTypeAllocSize(B.getValueAsType());
}

/// Returns true if position \p Index of \p F is extended, and by the other one
/// of zeroext and signext than \p Kind.
static bool hasOtherExtension(const Function &F, unsigned Index,
                              Attribute::AttrKind Kind) {
  return F.getAttributes().hasAttributeAtIndex(
      Index, Kind == Attribute::SExt ? Attribute::ZExt : Attribute::SExt);
}

/// Compares the ABI attributes of position \p Index, which is the same in both.
static std::optional<std::string> compareAttributes(const CallBase &CB,
                                                    const Function &Declaration,
                                                    const Function &Helper,
                                                    unsigned Index) {
  const DataLayout &DL = CB.getModule()->getDataLayout();
  for (Attribute::AttrKind Kind : ABIAttributes) {
    Attribute Given = getAttributeOfCall(CB, Index, Kind, Declaration);
    Attribute Defined = Helper.getAttributes().getAttributeAtIndex(Index, Kind);
    if (Kind == Attribute::SExt || Kind == Attribute::ZExt) {
      // Who reads an argument may assume no more than who writes it ensures;
      // rustc ensures more than it assumes. Of a result the call may assume
      // what the definition leaves open: AAPCS64 leaves the upper bits of a
      // bool undefined, and rustc has them zero. Inlined there are none; but
      // zeros are not signs.
      bool Fits =
          Index == AttributeList::ReturnIndex
              ? !Given.isValid() || !hasOtherExtension(Helper, Index, Kind)
              : !Defined.isValid() || Given.isValid();
      if (Fits)
        continue;
    } else if (isSameABI(Given, Defined, DL)) {
      continue;
    }
    return Attribute::getNameFromAttrKind(Kind).str();
  }
  if (Index != AttributeList::ReturnIndex &&
      Helper.getAttributes()
          .getAttributeAtIndex(Index, Attribute::ByVal)
          .isValid() &&
      CB.getParamAlign(Index - 1) != Helper.getParamAlign(Index - 1))
    return "byval alignment";
  return std::nullopt;
}

/// Returns true if position \p Index has an attribute of the ABI on either
/// side.
static bool hasABIAttribute(const AttributeList &Attributes, unsigned Index) {
  return any_of(ABIAttributes, [&](Attribute::AttrKind Kind) {
    return Attributes.hasAttributeAtIndex(Index, Kind);
  });
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Appends the scalars that \p Ty consists of, as SelectionDAG splits it.
static void flatten(Type *Ty, SmallVectorImpl<Type *> &Scalars) {
  if (auto *Struct = dyn_cast<StructType>(Ty)) {
    for (Type *Element : Struct->elements())
      flatten(Element, Scalars);
  } else if (auto *Array = dyn_cast<ArrayType>(Ty)) {
    for (uint64_t I = 0; I != Array->getNumElements(); ++I)
      flatten(Array->getElementType(), Scalars);
  } else if (!Ty->isVoidTy()) {
    Scalars.push_back(Ty);
  }
}

static bool isFloat(Type *Ty) {
  return Ty->isFloatingPointTy() || Ty->isVectorTy();
}

/// Returns true if values of the two types are in the same register.
static bool isSameScalar(Type *A, Type *B, const DataLayout &DL) {
  if (A == B)
    return true;
  // Whole general-purpose registers, and the low half of a vector register.
  if (DL.getTypeSizeInBits(A) != 64 || DL.getTypeSizeInBits(B) != 64)
    return false;
  auto IsGeneral = [](Type *Ty) {
    return Ty->isIntegerTy() || Ty->isPointerTy();
  };
  auto IsVectorHalf = [](Type *Ty) {
    if (auto *Vector = dyn_cast<FixedVectorType>(Ty))
      return Vector->getElementType()->isFloatTy();
    return Ty->isDoubleTy();
  };
  return (IsGeneral(A) && IsGeneral(B)) || (IsVectorHalf(A) && IsVectorHalf(B));
}

static bool areSameScalars(ArrayRef<Type *> A, ArrayRef<Type *> B,
                           const DataLayout &DL) {
  return A.size() == B.size() && all_of(zip(A, B), [&](auto Pair) {
           return isSameScalar(std::get<0>(Pair), std::get<1>(Pair), DL);
         });
}

/// Returns true if every one of \p Scalars is in a register, so that none is
/// where another spelling would put it differently.
static bool fitRegisters(ArrayRef<Type *> Scalars, unsigned General,
                         unsigned Float, const DataLayout &DL) {
  for (Type *Ty : Scalars) {
    bool IsFloat = isFloat(Ty);
    TypeSize Size = DL.getTypeSizeInBits(Ty);
    if (Size.isScalable() || Size > (IsFloat ? 128 : 64))
      return false;
    unsigned &Free = IsFloat ? Float : General;
    if (Free-- == 0)
      return false;
  }
  return true;
}

/// Returns true if \p CB takes a whole register for a result of which \p Helper
/// defines the low bytes alone, and says nothing of the others.
///
/// AAPCS64, 6.9, returns a structure of up to 8 bytes so. clang returns an
/// integer of its size (AArch64.cpp, classifyReturnType), and rustc's call has
/// i64, without noundef as it has padding: it stores that and reads the bytes
/// of the structure (rustc_target, callconv/aarch64.rs).
static bool readsLowBytes(const CallBase &CB, const Function &Declaration,
                          const Function &Helper, const Triple &Target) {
  Type *Taken = CB.getType(), *Defined = Helper.getReturnType();
  return Target.getArch() == Triple::aarch64 && Taken->isIntegerTy(64) &&
         Defined->isIntegerTy() && Defined->getIntegerBitWidth() < 64 &&
         Defined->getIntegerBitWidth() % 8 == 0 &&
         !CB.hasRetAttr(Attribute::NoUndef) &&
         !Declaration.hasRetAttribute(Attribute::NoUndef);
}

/// Compares the registers of a call and a definition that are not spelled
/// alike.
static bool haveSameRegisters(const CallBase &CB, const Function &Declaration,
                              const Function &Helper) {
  const Triple Target = getTriple(*CB.getModule());
  const DataLayout &DL = CB.getModule()->getDataLayout();
  const FunctionType *Signatures[] = {CB.getFunctionType(),
                                      Helper.getFunctionType()};
  SmallVector<Type *> Arguments[2], Results[2];
  for (int I : {0, 1}) {
    if (Signatures[I]->isVarArg())
      return false;
    for (Type *Ty : Signatures[I]->params())
      flatten(Ty, Arguments[I]);
    flatten(Signatures[I]->getReturnType(), Results[I]);
  }
  if (!areSameScalars(Arguments[0], Arguments[1], DL) ||
      !(areSameScalars(Results[0], Results[1], DL) ||
        readsLowBytes(CB, Declaration, Helper, Target)))
    return false;
  // System V ABI of x86-64, 3.2.3; AAPCS64, 6.8. A result of more scalars is
  // in memory, or was made to fit by one front end only.
  switch (Target.getArch()) {
  case Triple::x86_64:
    return fitRegisters(Arguments[0], 6, 8, DL) &&
           fitRegisters(Results[0], 2, 2, DL);
  case Triple::aarch64:
    return fitRegisters(Arguments[0], 8, 8, DL) &&
           fitRegisters(Results[0], 2, 4, DL);
  default:
    return false;
  }
}

/// Compares the ABI attributes where arguments do not correspond: neither side
/// may have any. Those of a result do correspond.
static std::optional<std::string> compareAttributesOfDifferentTypes(
    const CallBase &CB, const Function &Declaration, const Function &Helper) {
  const AttributeList Lists[] = {
      CB.getAttributes(), Declaration.getAttributes(), Helper.getAttributes()};
  for (const AttributeList &Attributes : Lists)
    for (unsigned Index : Attributes.indexes())
      if (Index != AttributeList::ReturnIndex &&
          Index != AttributeList::FunctionIndex &&
          hasABIAttribute(Attributes, Index))
        return "arguments are spelled differently";
  return compareAttributes(CB, Declaration, Helper, AttributeList::ReturnIndex);
}

std::optional<std::string> inline_helpers::compareSignatures(
    const CallBase &CB, const Function &Declaration, const Function &Helper) {
  if (CB.getCallingConv() != Helper.getCallingConv())
    return "calling convention";
  FunctionType *Called = CB.getFunctionType();
  FunctionType *Defined = Helper.getFunctionType();
  if (Called != Defined &&
      (isa<InvokeInst>(CB) || !haveSameRegisters(CB, Declaration, Helper)))
    return "";
  if (Called->params() != Defined->params())
    return compareAttributesOfDifferentTypes(CB, Declaration, Helper);
  for (unsigned Index = 0, E = CB.arg_size() + 1; Index != E; ++Index)
    if (std::optional<std::string> Differs =
            compareAttributes(CB, Declaration, Helper, Index))
      return Differs;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Adapting
//===----------------------------------------------------------------------===//

/// Appends the scalars of \p V.
static void split(Value *V, IRBuilder<> &Builder,
                  SmallVectorImpl<Value *> &Scalars) {
  Type *Ty = V->getType();
  if (!Ty->isAggregateType()) {
    Scalars.push_back(V);
    return;
  }
  unsigned Count = isa<StructType>(Ty) ? Ty->getStructNumElements()
                                       : Ty->getArrayNumElements();
  for (unsigned I = 0; I != Count; ++I)
    split(Builder.CreateExtractValue(V, I), Builder, Scalars);
}

/// Makes a value of type \p Ty of the first of \p Scalars, which it takes away.
static Value *join(Type *Ty, IRBuilder<> &Builder, ArrayRef<Value *> &Scalars) {
  if (!Ty->isAggregateType()) {
    Value *First = Scalars.front();
    Scalars = Scalars.drop_front();
    // The bytes that readsLowBytes leaves undefined may as well be zero.
    if (Ty->isIntegerTy() && First->getType()->isIntegerTy())
      return Builder.CreateZExt(First, Ty);
    return Builder.CreateBitOrPointerCast(First, Ty);
  }
  Value *Result = PoisonValue::get(Ty);
  unsigned Count = isa<StructType>(Ty) ? Ty->getStructNumElements()
                                       : Ty->getArrayNumElements();
  for (unsigned I = 0; I != Count; ++I) {
    Type *Element = GetElementPtrInst::getTypeAtIndex(Ty, uint64_t(I));
    Result =
        Builder.CreateInsertValue(Result, join(Element, Builder, Scalars), I);
  }
  return Result;
}

CallBase *inline_helpers::adaptCall(CallBase &CB, Function &Helper) {
  FunctionType *Defined = Helper.getFunctionType();
  FunctionType *Called = CB.getFunctionType();
  if (Called == Defined)
    return &CB;
  IRBuilder<> Builder(&CB);
  SmallVector<Value *> Scalars, Arguments;
  for (Value *Argument : CB.args())
    split(Argument, Builder, Scalars);
  ArrayRef<Value *> Rest = Scalars;
  for (Type *Ty : Defined->params())
    Arguments.push_back(join(Ty, Builder, Rest));
  CallInst *Result = Builder.CreateCall(&Helper, Arguments);
  Result->setCallingConv(CB.getCallingConv());
  // Attributes of another type's arguments and result are not about these.
  AttributeList Attributes = CB.getAttributes();
  SmallVector<AttributeSet> OfArguments;
  if (Called->params() == Defined->params())
    for (unsigned I = 0; I != CB.arg_size(); ++I)
      OfArguments.push_back(Attributes.getParamAttrs(I));
  AttributeSet OfResult;
  if (Called->getReturnType() == Defined->getReturnType())
    OfResult = Attributes.getRetAttrs();
  Result->setAttributes(AttributeList::get(
      CB.getContext(), Attributes.getFnAttrs(), OfResult, OfArguments));
  if (!CB.getType()->isVoidTy()) {
    Scalars.clear();
    split(Result, Builder, Scalars);
    Rest = Scalars;
    CB.replaceAllUsesWith(join(CB.getType(), Builder, Rest));
  }
  CB.eraseFromParent();
  return Result;
}
