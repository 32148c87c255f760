//===- Compatibility.cpp - May this helper be imported here? --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Compatibility.h"
#include "passes/CompatibilityRules.h"
#include "passes/LLVMVersion.h"
#include "passes/ModuleName.h"
#include "passes/Signature.h"
#include "passes/TargetFeatures.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/IR/EHPersonalities.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Regex.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Reasons
//===----------------------------------------------------------------------===//

StringRef inline_helpers::getReasonName(LeftReason Reason) {
  switch (Reason) {
#define REASON(Enumerator, Name, Sentence, ...)                                \
  case LeftReason::Enumerator:                                                 \
    return Name;
#include "passes/Reasons.def"
  }
  llvm_unreachable("no such reason");
}

StringRef inline_helpers::getReasonSentence(LeftReason Reason) {
  switch (Reason) {
#define REASON(Enumerator, Name, Sentence, ...)                                \
  case LeftReason::Enumerator:                                                 \
    return Sentence;
#include "passes/Reasons.def"
  }
  llvm_unreachable("no such reason");
}

std::string Left::message() const {
  std::string Text = getReasonSentence(Reason).str();
  if (!Detail.empty())
    Text += " (" + Detail + ")";
  return Text + " [" + getReasonName(Reason).str() + "]";
}

static Left left(LeftReason Reason, const Twine &Detail = "") {
  return Left{Reason, Detail.str()};
}

//===----------------------------------------------------------------------===//
// Closure
//===----------------------------------------------------------------------===//

bool inline_helpers::isHelper(const GlobalValue &GV) {
  return !GV.isDeclaration() &&
         getHelperLinkage(GV.getLinkage()) != HelperLinkage::Unseen &&
         !GV.getName().starts_with("llvm.");
}

SmallVector<Function *> HelperClosure::functions() const {
  SmallVector<Function *> Result = {Helper};
  for (GlobalValue *GV : Locals)
    if (auto *F = dyn_cast<Function>(GV))
      Result.push_back(F);
  return Result;
}

void inline_helpers::forEachReference(const User &Root,
                                      function_ref<void(GlobalValue &)> Use) {
  SmallVector<const User *, 16> Worklist = {&Root};
  SmallPtrSet<const User *, 16> Visited;
  while (!Worklist.empty()) {
    for (Value *Operand : Worklist.pop_back_val()->operands()) {
      auto *C = dyn_cast_or_null<Constant>(Operand);
      if (!C || !Visited.insert(C).second)
        continue;
      if (auto *GV = dyn_cast<GlobalValue>(C))
        Use(*GV);
      else
        Worklist.push_back(C);
    }
  }
}

/// Adds to \p Closure the global values that \p Root names.
static void addReferences(const User &Root, HelperClosure &Closure) {
  forEachReference(Root, [&](GlobalValue &GV) {
    if (&GV == Closure.Helper)
      return;
    if (getReachedLinkage(GV.getLinkage()) == ReachedLinkage::Copy)
      Closure.Locals.insert(&GV);
    else
      Closure.Externals.insert(&GV);
  });
}

/// Finds the closure of \p Helper; \p Read reads the body of a function.
static Expected<HelperClosure>
findClosure(Function &Helper, function_ref<Error(Function &)> Read) {
  HelperClosure Closure;
  Closure.Helper = &Helper;
  GlobalValue *Current = &Helper;
  for (size_t Next = 0;; Current = Closure.Locals[Next++]) {
    if (auto *F = dyn_cast<Function>(Current)) {
      if (Error E = Read(*F))
        return E;
      for (Instruction &I : instructions(*F))
        addReferences(I, Closure);
    }
    addReferences(*Current, Closure);
    if (Next == Closure.Locals.size())
      return Closure;
  }
}

Expected<HelperClosure>
inline_helpers::materializeClosure(const HelperLibrary &Library,
                                   Function &Helper) {
  return findClosure(Helper,
                     [&](Function &F) { return Library.materialize(F); });
}

HelperClosure inline_helpers::getClosure(Function &Helper) {
  return cantFail(
      findClosure(Helper, [](Function &) { return Error::success(); }));
}

//===----------------------------------------------------------------------===//
// Body
//===----------------------------------------------------------------------===//

/// Returns false if \p Assembly has none of what definesSymbol looks for: it
/// has no directive like those, and each colon is after the number of a label.
/// LLVM's matching takes long.
static bool mayDefineSymbol(StringRef Assembly) {
  for (StringRef Directive : {".glob", ".weak", ".set", ".equ"})
    if (Assembly.contains(Directive))
      return true;
  for (size_t Colon = Assembly.find(':'); Colon != StringRef::npos;
       Colon = Assembly.find(':', Colon + 1)) {
    StringRef Label = Assembly.take_front(Colon).rtrim(" \t");
    StringRef Before = Label.rtrim("0123456789");
    if (Before == Label ||
        (!Before.empty() && !StringRef("\n; \t").contains(Before.back())))
      return true;
  }
  return false;
}

/// Returns true if \p Assembly, once repeated, defines a symbol twice: it has
/// a directive for global symbols, or a label that is neither a number nor
/// made unique by %= (`${:uid}` in IR).
static bool definesSymbol(StringRef Assembly) {
  static const Regex Symbol(
      "(^|[\n;])[ \t]*([0-9]+:[ \t]*)*"
      "(\\.(globa?l|weak|set|equ)[ \t]+[A-Za-z0-9_.$\"]+($|[^A-Za-z0-9_.$\"{])|"
      "[A-Za-z_.$\"][A-Za-z0-9_.$\"]*[ \t]*:)");
  return mayDefineSymbol(Assembly) && Symbol.match(Assembly);
}

/// Returns true if \p F does something when an exception passes through it.
/// Clang names a personality also where optimisation has left no handler.
static bool handlesExceptions(const Function &F) {
  if (!F.hasPersonalityFn())
    return false;
  if (!isNoOpWithoutInvoke(classifyEHPersonality(F.getPersonalityFn())))
    return true;
  return any_of(F, [](const BasicBlock &BB) { return BB.isEHPad(); });
}

static std::optional<Left> judgeBody(const Function &F) {
  if (F.isVarArg())
    return left(LeftReason::VarArgs, F.getName());
  if (handlesExceptions(F))
    return left(LeftReason::Personality, F.getName());
  if (F.hasPrefixData() || F.hasPrologueData() || F.hasGC())
    return left(LeftReason::NotAFunction, F.getName());
  for (const Instruction &I : instructions(F)) {
    const auto *CB = dyn_cast<CallBase>(&I);
    if (!CB)
      continue;
    // Nothing depends on where is.constant is executed: LLVM marks it
    // convergent only to keep it from being moved before it is folded
    // (Intrinsics.td).
    bool IsConvergent =
        CB->isConvergent() && CB->getIntrinsicID() != Intrinsic::is_constant;
    if (CB->cannotDuplicate() || IsConvergent)
      return left(LeftReason::NotInlinable,
                  CB->cannotDuplicate() ? "noduplicate" : "convergent");
    switch (CB->getIntrinsicID()) {
    case Intrinsic::addressofreturnaddress:
    case Intrinsic::frameaddress:
    case Intrinsic::returnaddress:
    case Intrinsic::sponentry:
      return left(LeftReason::ReturnAddress,
                  CB->getCalledFunction()->getName());
    default:
      break;
    }
    if (const auto *Asm = dyn_cast<InlineAsm>(CB->getCalledOperand()))
      if (definesSymbol(Asm->getAsmString()))
        return left(LeftReason::InlineAsm, "it defines a symbol");
  }
  return std::nullopt;
}

/// Returns the parameter that argument \p U of \p Call becomes in a function of
/// \p Closure, or null.
static const Argument *getParameter(const CallBase &Call, const Use &U,
                                    const HelperClosure &Closure) {
  const Function *Callee = Call.getCalledFunction();
  if (!Callee || !Call.isArgOperand(&U) || Callee->isDeclaration() ||
      !Closure.Locals.contains(const_cast<Function *>(Callee)) ||
      Call.getArgOperandNo(&U) >= Callee->arg_size())
    return nullptr;
  return Callee->getArg(Call.getArgOperandNo(&U));
}

/// Returns true if \p I, which has the operand \p U, does no more with that
/// address than to read or call what is there, or to ask if it is null.
static bool onlyReads(const Instruction &I, const Use &U) {
  if (const auto *Compare = dyn_cast<ICmpInst>(&I))
    return isa<ConstantPointerNull>(Compare->getOperand(1 - U.getOperandNo()));
  if (const auto *Transfer = dyn_cast<MemTransferInst>(&I))
    return &U == &Transfer->getRawSourceUse();
  if (const auto *Call = dyn_cast<CallBase>(&I))
    return Call->isCallee(&U);
  return isa<LoadInst>(I);
}

/// Returns true if \p Call is assembly without an instruction, by which C hides
/// a value from the optimizer: what comes out is at most what went in.
static bool hidesValue(const CallBase &Call) {
  const auto *Asm = dyn_cast<InlineAsm>(Call.getCalledOperand());
  return Asm && Asm->getAsmString().empty();
}

/// Returns true if functions of \p Closure do more with the address of \p
/// Object than to read or call what is there: it could be compared with the
/// address that the helper's native code gives.
static bool givesAwayAddress(const GlobalObject &Object,
                             const HelperClosure &Closure) {
  if (Object.hasGlobalUnnamedAddr())
    return false;
  SmallVector<const Value *, 8> Worklist = {&Object};
  SmallPtrSet<const Value *, 8> Seen = {&Object};
  auto Follow = [&](const Value *Address) {
    if (Seen.insert(Address).second)
      Worklist.push_back(Address);
  };
  while (!Worklist.empty()) {
    const Value *Address = Worklist.pop_back_val();
    for (const Use &U : Address->uses()) {
      const User *Where = U.getUser();
      if (const auto *GV = dyn_cast<GlobalValue>(Where)) {
        if (Closure.Locals.contains(const_cast<GlobalValue *>(GV)))
          return true;
        continue;
      }
      // Part of an address or of an initializer.
      if (isa<Constant>(Where)) {
        Follow(Where);
        continue;
      }
      const auto *I = cast<Instruction>(Where);
      const Function *F = I->getFunction();
      if (F != Closure.Helper &&
          !Closure.Locals.contains(const_cast<Function *>(F)))
        continue;
      const auto *Call = dyn_cast<CallBase>(I);
      if (isa<GetElementPtrInst, PHINode, SelectInst>(I) ||
          (Call && hidesValue(*Call))) {
        Follow(I);
        continue;
      }
      if (Call)
        if (const Argument *Parameter = getParameter(*Call, U, Closure)) {
          Follow(Parameter);
          continue;
        }
      if (!onlyReads(*I, U))
        return true;
    }
  }
  return false;
}

/// Returns true if \p GV, which is thread-local, is not found by its name
/// alone: it would be another one in the crate, or its file asks for a model
/// that may not fit where the crate is linked.
static bool isBoundToFile(const GlobalValue &GV) {
  return getReachedLinkage(GV.getLinkage()) != ReachedLinkage::Refer ||
         GV.getThreadLocalMode() != GlobalValue::GeneralDynamicTLSModel;
}

/// Returns true if it matters where \p Object is.
static bool hasOwnPlace(const GlobalObject &Object) {
  const auto *Variable = dyn_cast<GlobalVariable>(&Object);
  return Object.hasSection() || Object.hasComdat() ||
         (Variable && Variable->hasImplicitSection());
}

static bool hasState(const GlobalObject &Object) {
  const auto *Variable = dyn_cast<GlobalVariable>(&Object);
  return Variable &&
         (!Variable->isConstant() || Variable->isExternallyInitialized());
}

bool inline_helpers::needsOriginal(const GlobalObject &Local,
                                   const HelperClosure &Closure) {
  return Local.isThreadLocal() || hasOwnPlace(Local) || hasState(Local) ||
         givesAwayAddress(Local, Closure);
}

/// Judges what the helper brings along and what it refers to.
static std::optional<Left> judgeReach(const HelperClosure &Closure) {
  StringRef ModuleAsm = Closure.Helper->getParent()->getModuleInlineAsm();
  for (const GlobalValue *GV :
       concat<GlobalValue *const>(Closure.Locals, Closure.Externals)) {
    if (GV->isThreadLocal() && isBoundToFile(*GV))
      return left(LeftReason::ThreadLocal, GV->getName());
    if (const auto *Variable = dyn_cast<GlobalVariable>(GV))
      if (std::optional<Left> Found = judgeAttributes(*Variable))
        return Found;
  }
  for (const GlobalValue *GV : Closure.Locals) {
    const auto *Object = dyn_cast<GlobalObject>(GV);
    if (!Object)
      return left(LeftReason::NotAFunction, GV->getName());
    if (hasOwnPlace(*Object))
      return left(LeftReason::Section, GV->getName());
    if (hasState(*Object))
      return left(LeftReason::MutableState, GV->getName());
  }
  for (const GlobalValue *GV : Closure.Locals)
    if (givesAwayAddress(*cast<GlobalObject>(GV), Closure))
      return left(LeftReason::AddressIdentity, GV->getName());
  for (const GlobalValue *GV : Closure.Externals) {
    if (getReachedLinkage(GV->getLinkage()) == ReachedLinkage::Refuse)
      return left(LeftReason::NotAFunction, GV->getName());
    if (GV->isDeclaration() && ModuleAsm.contains(GV->getName()) &&
        !GV->getName().starts_with("llvm."))
      return left(LeftReason::ModuleAsm, GV->getName());
  }
  return std::nullopt;
}

/// Returns true if an operand of inline assembly in \p F is the address of a
/// symbol as an immediate (constraint "i"), which takes code for a fixed
/// address.
static bool hasAddressImmediate(const Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    const auto *CB = dyn_cast<CallBase>(&I);
    if (!CB || !CB->isInlineAsm())
      return false;
    return any_of(CB->args(), [&](const Use &U) {
      // An operand in memory ("*m") has an element type.
      return U->getType()->isPointerTy() &&
             !CB->getParamElementType(CB->getArgOperandNo(&U)) &&
             isa<GlobalValue>(U->stripInBoundsConstantOffsets());
    });
  });
}

static bool hasInlineAsm(const HelperClosure &Closure) {
  return any_of(Closure.functions(), [](const Function *F) {
    return any_of(instructions(*F), [](const Instruction &I) {
      const auto *CB = dyn_cast<CallBase>(&I);
      return CB && CB->isInlineAsm();
    });
  });
}

/// Judges the helper alone, whoever calls it.
static std::optional<Left> judgeHelper(const HelperClosure &Closure) {
  Function &Helper = *Closure.Helper;
  // -fsemantic-interposition makes others interposable than those of the table.
  if (getHelperLinkage(Helper.getLinkage()) != HelperLinkage::Import ||
      Helper.isInterposable())
    return left(LeftReason::Interposable);
  if (Helper.hasSection())
    return left(LeftReason::Section, Helper.getSection());
  if (Helper.hasFnAttribute(Attribute::NoInline))
    return left(LeftReason::NoInline,
                Helper.hasOptNone() ? "compiled without optimisation" : "");
  for (const Function *F : Closure.functions()) {
    if (std::optional<Left> Found = judgeAttributes(*F))
      return Found;
    if (std::optional<Left> Found = judgeBody(*F))
      return Found;
  }
  if (std::optional<Left> Found = judgeReach(Closure))
    return Found;
  if (InlineResult Result = isInlineViable(Helper); !Result.isSuccess())
    return left(LeftReason::NotInlinable, Result.getFailureReason());
  return std::nullopt;
}

/// Returns true if \p CB must stay a call, whatever it calls.
static bool forbidsInlining(const CallBase &CB) {
  return CB.isMustTailCall() || CB.hasOperandBundles() || CB.isNoInline();
}

/// Judges \p CB as a call, whatever its caller is.
static std::optional<Left> judgeCall(const CallBase &CB,
                                     const WantedHelper &Wanted,
                                     const Function &Helper) {
  if (std::optional<std::string> Differs =
          compareSignatures(CB, *Wanted.Declaration, Helper))
    return left(LeftReason::Signature, *Differs);
  if (forbidsInlining(CB))
    return left(LeftReason::NotInlinable, "the call forbids it");
  return std::nullopt;
}

bool inline_helpers::isKnownArchitecture(const Triple &Target) {
  return is_contained({Triple::x86_64, Triple::aarch64, Triple::UnknownArch},
                      Target.getArch());
}

bool inline_helpers::isForKernel(const Module &M) {
  return M.getCodeModel() == CodeModel::Kernel;
}

/// Returns true if code of both modules finds a thread-local variable alike: on
/// x86 the kernel's code model takes another register, and some systems have
/// none and emulate them.
static bool hasSameThreadLocals(const Module &Library, const Module &Crate) {
  return isForKernel(Library) == isForKernel(Crate) &&
         getTriple(Library).hasDefaultEmulatedTLS() ==
             getTriple(Crate).hasDefaultEmulatedTLS();
}

/// Judges the helper against the crate's module, whichever function calls it.
static std::optional<Left> judgeModule(const WantedHelper &Wanted,
                                       const HelperClosure &Closure) {
  // The crate asks whether there is such a symbol, which is the linker's to
  // say.
  if (Wanted.Declaration->hasExternalWeakLinkage())
    return left(LeftReason::Interposable, "extern_weak");
  if (std::optional<Left> Found = judgeModuleFlags(
          *Closure.Helper->getParent(), *Wanted.Declaration->getParent()))
    return Found;
  // A cast would take the place of the declaration, which is not called
  // directly.
  if (Wanted.Declaration->getAddressSpace() !=
      Closure.Helper->getAddressSpace())
    return left(LeftReason::Signature, "address space");
  auto IsPIC = [](const GlobalValue &GV) {
    return GV.getParent()->getPICLevel() != PICLevel::NotPIC;
  };
  if (IsPIC(*Wanted.Declaration) && !IsPIC(*Closure.Helper) &&
      any_of(Closure.functions(),
             [](const Function *F) { return hasAddressImmediate(*F); }))
    return left(LeftReason::InlineAsm, "an address is an immediate");
  if (!hasSameThreadLocals(*Closure.Helper->getParent(),
                           *Wanted.Declaration->getParent()))
    for (const GlobalValue *GV : Closure.Externals)
      if (GV->isThreadLocal())
        return left(LeftReason::ThreadLocal, GV->getName());
  return std::nullopt;
}

Judgement inline_helpers::judge(const WantedHelper &Wanted,
                                const HelperClosure &Closure,
                                const JudgeContext &Context) {
  // A push in the helper's assembly may overwrite the caller's red zone.
  bool NeedsNoRedZone = Closure.Helper->hasFnAttribute(Attribute::NoRedZone) &&
                        hasInlineAsm(Closure);
  auto JudgeFor = [&](Function &Caller) -> std::optional<Left> {
    if (NeedsNoRedZone && !Caller.hasFnAttribute(Attribute::NoRedZone))
      return left(LeftReason::RedZone);
    for (const Function *F : Closure.functions()) {
      if (std::optional<Left> Found = judgeAgreement(*F, Caller))
        return Found;
      if (std::optional<Left> Found =
              judgeTarget(*F, Caller, Context.Baseline, Context.GetTTI))
        return Found;
    }
    return std::nullopt;
  };
  // What stays a function is compiled like the crate's others.
  auto JudgeCopy = [&]() -> std::optional<Left> {
    if (!Context.Model)
      return left(LeftReason::AttributeMismatch,
                  "the crate has no function to compile its copy like");
    return JudgeFor(*Context.Model);
  };

  Judgement Result;
  std::optional<Left> ForAll;
  // What the other rules would find is true of the known ones.
  if (Triple Target = getTriple(*Wanted.Declaration->getParent());
      !isKnownArchitecture(Target))
    ForAll = left(LeftReason::Architecture, Target.getArchName());
  if (!ForAll)
    ForAll = judgeHelper(Closure);
  if (!ForAll)
    ForAll = judgeModule(Wanted, Closure);
  if (!ForAll)
    ForAll = judgeModuleName(Closure, Context.ModuleName);
  bool BringsFunctions = Closure.functions().size() > 1;
  if (!ForAll && (Wanted.needsCopy() || BringsFunctions)) {
    Result.NoCopy = JudgeCopy();
    // Its static callees are functions wherever it is inlined.
    if (BringsFunctions)
      ForAll = Result.NoCopy;
  }
  if (ForAll) {
    Result.NoCopy = ForAll;
    for (CallBase *CB : Wanted.Calls)
      Result.Left.push_back({CB, *ForAll});
    return Result;
  }
  // Callers with the same attributes get the same answer.
  DenseMap<AttributeSet, std::optional<Left>> Judged;
  for (CallBase *CB : Wanted.Calls) {
    std::optional<Left> Found = judgeCall(*CB, Wanted, *Closure.Helper);
    if (!Found) {
      Function &Caller = *CB->getCaller();
      auto [It, IsNew] =
          Judged.try_emplace(Caller.getAttributes().getFnAttrs());
      if (IsNew)
        It->second = JudgeFor(Caller);
      Found = It->second;
    }
    if (Found)
      Result.Left.push_back({CB, std::move(*Found)});
    else
      Result.Inlined.push_back(CB);
  }
  return Result;
}

std::optional<Left>
inline_helpers::judgeNested(const CallBase &Call,
                            const TargetTransformInfo &TTI) {
  const Function &Helper = *Call.getCalledFunction();
  const Function &Caller = *Call.getCaller();
  if (forbidsInlining(Call))
    return left(LeftReason::NotInlinable, "the call forbids it");
  if (std::optional<Left> Found = judgeAgreement(Helper, Caller))
    return Found;
  if (!TTI.areInlineCompatible(&Caller, &Helper))
    return left(LeftReason::TargetFeatures, Helper.getName());
  if (Helper.hasFnAttribute(Attribute::NoRedZone) &&
      !Caller.hasFnAttribute(Attribute::NoRedZone))
    return left(LeftReason::RedZone);
  return std::nullopt;
}
