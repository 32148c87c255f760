//===- ImportHelpers.cpp - The import-helpers pass ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/ImportHelpers.h"
#include "passes/DebugInfo.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/Import.h"
#include "passes/Inline.h"
#include "passes/LLVMVersion.h"
#include "passes/ModuleName.h"
#include "passes/NullPointer.h"
#include "passes/Report.h"
#include "passes/Signature.h"
#include "passes/Step.h"
#include "passes/TargetFeatures.h"
#include "passes/Unreachable.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

namespace {
/// What the steps hand to each other for one module.
struct ImportState {
  ImportState(Module &M, ModuleAnalysisManager &MAM)
      : M(M),
        FAM(MAM.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager()),
        Instrumentation(MAM.getResult<PassInstrumentationAnalysis>(M)) {}

  Module &M;
  FunctionAnalysisManager &FAM;
  Function *Model = nullptr; ///< See getModelFunction: of the crate's own.
  StringRef ModuleName;      ///< For KBUILD_MODNAME; empty: not known.
  PassInstrumentation Instrumentation; ///< Of the steps.
  ImportRecord Record;
  StringMap<size_t> RecordIndex;
  std::vector<CallBase *> Calls; ///< Direct calls to be inlined.
  SetVector<Function *> Helpers; ///< Imported ones.
  /// Declarations of imported helpers' symbols, for what still refers to them.
  SmallVector<std::pair<Function *, Function *>> Symbols;
  /// Those of Helpers that must not stay in the module as a copy.
  SmallPtrSet<Function *, 4> NoCopy;
  std::vector<WeakVH> Definitions;
  SetVector<Function *> Callers; ///< Functions changed by inlining.

  HelperRecord &addRecord(StringRef Name, StringRef Library) {
    RecordIndex[Name] = Record.Helpers.size();
    Record.Helpers.emplace_back();
    Record.Helpers.back().Name = Name.str();
    Record.Helpers.back().Library = Library.str();
    return Record.Helpers.back();
  }
  HelperRecord &getRecord(StringRef Name) {
    return Record.Helpers[RecordIndex.lookup(Name)];
  }
};

/// A helper to be imported.
struct PlannedImport {
  WantedHelper *Wanted;
  HelperClosure Closure;
  Judgement Judged;
};
} // namespace

//===----------------------------------------------------------------------===//
// Record
//===----------------------------------------------------------------------===//

/// Enters into \p Record that \p Calls stay, for \p Why.
static void addLeft(HelperRecord &Record, const Left &Why, StringRef Caller,
                    const CallBase *Call) {
  for (LeftCalls &L : Record.Left)
    if (L.Caller == Caller && L.Why == Why) {
      L.Count += Call ? 1 : 0;
      return;
    }
  Record.Left.push_back(
      {Why, Caller.str(), Call ? getLocation(*Call) : "", Call ? 1u : 0u});
}

//===----------------------------------------------------------------------===//
// 1 Wanted
//===----------------------------------------------------------------------===//

/// Returns true if \p Name is of Rust's v0 mangling (RFC 2603) or its legacy
/// one, which ends in a hash: no C function has such a name.
static bool isRustMangled(StringRef Name) {
  if (Name.starts_with("_R"))
    return true;
  return Name.starts_with("_ZN") && Name.size() > 20 && Name.ends_with("E") &&
         Name.substr(Name.size() - 20).starts_with("17h");
}

/// Returns true if \p Name is one of the symbols that every crate may refer to
/// and the platform provides (core's documentation, "How to use the core
/// library"): no helper library is opened for them.
static bool isRuntimeSymbol(StringRef Name) {
  static constexpr StringLiteral Names[] = {
      "memcpy", "memmove", "memset",     "memcmp",
      "bcmp",   "strlen",  "rust_panic", "rust_eh_personality"};
  return is_contained(Names, Name);
}

static WantedHelper makeWanted(Function &Declaration) {
  WantedHelper Wanted;
  Wanted.Declaration = &Declaration;
  for (Use &U : Declaration.uses()) {
    auto *CB = dyn_cast<CallBase>(U.getUser());
    if (CB && CB->isCallee(&U))
      Wanted.Calls.push_back(CB);
    else
      Wanted.AddressTaken = true;
  }
  // Uses are listed from the last to the first.
  std::reverse(Wanted.Calls.begin(), Wanted.Calls.end());
  return Wanted;
}

/// Gives declarations with LLVM's mark for "not to be mangled" their plain name
/// where nothing is mangled: it is the same symbol, under the name that a
/// library has for it. With the mark rustc declares what has a `link_name` of
/// bindgen's, as all of C++ has.
static void dropManglingEscapes(Module &M) {
  if (M.getDataLayout().getGlobalPrefix() != '\0')
    return;
  for (Function &F : M) {
    StringRef Plain = GlobalValue::dropLLVMManglingEscape(F.getName());
    if (F.isDeclaration() && Plain != F.getName() &&
        !Plain.starts_with("llvm.") && !M.getNamedValue(Plain))
      F.setName(Plain);
  }
}

std::vector<WantedHelper> inline_helpers::findWanted(Module &M) {
  dropManglingEscapes(M);
  std::vector<WantedHelper> Result;
  for (Function &F : M) {
    if (!F.isDeclaration() || F.use_empty() || F.isIntrinsic() ||
        isRustMangled(F.getName()) || isRuntimeSymbol(F.getName()))
      continue;
    Result.push_back(makeWanted(F));
  }
  return Result;
}

//===----------------------------------------------------------------------===//
// 2 Judge, 3 Import, 4 Internalize and adapt
//===----------------------------------------------------------------------===//

/// Takes out of \p Wanted what \p Library defines.
static std::vector<WantedHelper> takeDefined(std::vector<WantedHelper> &Wanted,
                                             const HelperLibrary &Library) {
  auto Middle = std::stable_partition(
      Wanted.begin(), Wanted.end(), [&](const WantedHelper &W) {
        const GlobalValue *GV =
            Library.module().getNamedValue(W.Declaration->getName());
        return !GV || !isHelper(*GV);
      });
  std::vector<WantedHelper> Defined(std::make_move_iterator(Middle),
                                    std::make_move_iterator(Wanted.end()));
  Wanted.erase(Middle, Wanted.end());
  return Defined;
}

/// Returns true if somebody reads this pass' remarks, which take long to make.
static bool areRemarksRead(LLVMContext &Context) {
  return Context.getLLVMRemarkStreamer() ||
         Context.getDiagHandlerPtr()->isAnyRemarkEnabled(PassName);
}

/// Says in a remark that \p Call stays, and enters it into \p Record.
static void leave(HelperRecord &Record, const CallBase &Call, const Left &Why) {
  if (areRemarksRead(Call.getContext()))
    Call.getContext().diagnose(
        OptimizationRemarkMissed(PassName.data(), "Left", &Call)
        << "'" << ore::NV("Helper", StringRef(Record.Name))
        << "' stays a call: " << ore::NV("Reason", getReasonName(Why.Reason))
        << ": " << Why.message());
  addLeft(Record, Why, Call.getCaller()->getName(), &Call);
}

/// Judges \p Wanted against the definitions in \p Library.
///
/// \returns those to import, their bodies read. What stays a call is entered
///          into State.Record.
static Expected<std::vector<PlannedImport>>
judgeAll(MutableArrayRef<WantedHelper> Wanted, const HelperLibrary &Library,
         const FeatureBaseline &Baseline, ImportState &State) {
  Step Judging(State.Instrumentation, State.M, "import-helpers: judge",
               PreservedAnalyses::all());
  auto GetTTI = [&](Function &F) -> const TargetTransformInfo & {
    return State.FAM.getResult<TargetIRAnalysis>(F);
  };
  JudgeContext Context{Baseline, State.Model, GetTTI, State.ModuleName};
  std::vector<PlannedImport> Candidates;
  Candidates.reserve(Wanted.size());
  SmallPtrSet<const GlobalValue *, 16> Named;
  for (WantedHelper &W : Wanted) {
    StringRef Name = W.Declaration->getName();
    HelperRecord &Record = State.addRecord(Name, Library.path());
    Function *Helper = Library.module().getFunction(Name);
    if (!Helper) {
      for (const CallBase *Call : W.Calls)
        leave(Record, *Call, {LeftReason::NotAFunction, ""});
      continue;
    }
    Expected<HelperClosure> Closure = materializeClosure(Library, *Helper);
    if (!Closure)
      return Closure.takeError();
    Named.insert(Closure->Externals.begin(), Closure->Externals.end());
    // Bodies from an earlier library may have brought uses.
    W.NamedByHelper = W.Declaration->getNumUses() != W.Calls.size();
    Candidates.push_back({&W, std::move(*Closure), {}});
  }
  for (PlannedImport &P : Candidates) {
    P.Wanted->NamedByHelper |= Named.contains(P.Closure.Helper);
    P.Judged = judge(*P.Wanted, P.Closure, Context);
    HelperRecord &Record = State.getRecord(P.Wanted->Declaration->getName());
    for (const LeftCall &L : P.Judged.Left)
      leave(Record, *L.Call, L.Why);
    if (P.Wanted->AddressTaken && P.Judged.NoCopy)
      addLeft(Record, *P.Judged.NoCopy, /*Caller=*/"", /*Call=*/nullptr);
    Record.Imported = P.Judged.isImported(*P.Wanted);
    State.Calls.insert(State.Calls.end(), P.Judged.Inlined.begin(),
                       P.Judged.Inlined.end());
  }
  erase_if(Candidates, [](const PlannedImport &P) {
    return !P.Judged.isImported(*P.Wanted);
  });
  return Candidates;
}

/// Makes a second declaration of the symbol \p Declaration names, without the
/// name: the definition that is imported takes the place of the first.
static Function *declareAgain(Function &Declaration) {
  Function *Result = Function::Create(
      Declaration.getFunctionType(), Declaration.getLinkage(),
      Declaration.getAddressSpace(), "", Declaration.getParent());
  Result->copyAttributesFrom(&Declaration);
  Result->copyMetadata(&Declaration, /*Offset=*/0);
  return Result;
}

/// Imports \p Planned, whose closures are gone afterwards.
static void import(ImportState &State, HelperLibrary Library,
                   const FeatureBaseline &Baseline,
                   MutableArrayRef<PlannedImport> Planned,
                   DebugInfoKind DebugInfo) {
  if (Planned.empty())
    return;
  Step Importing(State.Instrumentation, State.M, "import-helpers: import");
  SmallVector<Function *> Symbols;
  std::vector<HelperClosure> Closures;
  Closures.reserve(Planned.size());
  for (PlannedImport &P : Planned) {
    Function &Declaration = *P.Wanted->Declaration;
    Closures.push_back(std::move(P.Closure));
    bool IsNeeded = P.Judged.NoCopy || !P.Judged.Left.empty();
    Symbols.push_back(IsNeeded ? declareAgain(Declaration) : nullptr);
    for (const LeftCall &L : P.Judged.Left)
      L.Call->setCalledOperand(Symbols.back());
  }
  setModuleName(Closures, State.ModuleName);
  append_range(State.Definitions,
               moveIntoModule(State.M, std::move(Library), Closures, Baseline,
                              State.Model, DebugInfo));
  for (auto [P, Closure, Symbol] : zip(Planned, Closures, Symbols)) {
    Function *Helper = Closure.Helper;
    State.Helpers.insert(Helper);
    // LLVM's verifier wants it as soon as the helper has lines of its own.
    for (CallBase *Call : P.Judged.Inlined)
      ensureLocation(*Call);
    if (!Symbol)
      continue;
    State.Symbols.emplace_back(Helper, Symbol);
    if (P.Judged.NoCopy)
      State.NoCopy.insert(Helper);
  }
}

//===----------------------------------------------------------------------===//
// 5 Inline
//===----------------------------------------------------------------------===//

namespace {
/// What is said of a call once it is inlined and gone.
struct CallSite {
  CallBase *Call;
  Function *Helper;
  DISubprogram *HelperLines; ///< Of the helper; null: it has none.
  Function *Caller;
  DebugLoc Location;
};
} // namespace

/// Names the helper in a remark. Of the helper itself only the name is left.
static ore::NV nameHelper(const CallSite &Site) {
  ore::NV Result("Helper", Site.Helper);
  Result.Loc = DiagnosticLocation(Site.HelperLines);
  return Result;
}

/// Gives the symbols that calls still refer to their names back.
static void nameSymbols(ImportState &State) {
  for (auto [Helper, Symbol] : State.Symbols) {
    if (State.NoCopy.contains(Helper))
      Helper->replaceAllUsesWith(Symbol);
    if (Symbol->use_empty()) {
      Symbol->eraseFromParent();
      continue;
    }
    std::string Name = Helper->getName().str();
    Symbol->takeName(Helper);
    Helper->setName(Name + ".imported");
  }
}

static void inlineAll(ImportState &State) {
  SmallVector<CallSite> Sites;
  for (CallBase *&Call : State.Calls) {
    Call = adaptCall(*Call, *cast<Function>(Call->getCalledOperand()));
    Function *Helper = Call->getCalledFunction();
    Sites.push_back({Call, Helper, Helper->getSubprogram(), Call->getCaller(),
                     Call->getDebugLoc()});
  }
  // Whether a helper's call of another may be inlined depends on where it is.
  auto Judge = [&](const CallBase &Call) {
    Function &Caller = *const_cast<Function *>(Call.getCaller());
    return judgeNested(Call, State.FAM.getResult<TargetIRAnalysis>(Caller));
  };
  // At the link, what was to be warned of has been.
  if (!State.Record.AtLTO)
    for (const UnreachableCall &Found : findUnreachable(
             State.Calls, State.Helpers,
             [&](const CallBase &Call) { return !Judge(Call); }, State.FAM)) {
      report(State.M.getContext(), DS_Warning,
             "helper '" + Found.Helper + "' " + Found.message());
      State.getRecord(Found.Helper).Warnings.push_back(Found.message());
    }
  auto MayInline = [&](const CallBase &Call) {
    std::optional<Left> Found = Judge(Call);
    if (Found)
      leave(State.getRecord(Call.getCalledFunction()->getName()), Call, *Found);
    return !Found;
  };
  std::vector<FailedInlining> Failed =
      inlineCalls(State.Calls, State.Helpers, MayInline, State.Callers,
                  /*DeleteBodies=*/true, State.Instrumentation);
  SmallPtrSet<CallBase *, 4> Remaining;
  for (const FailedInlining &Failure : Failed) {
    leave(State.getRecord(Failure.Call->getCalledFunction()->getName()),
          *Failure.Call, {LeftReason::NotInlinable, Failure.Reason});
    Remaining.insert(Failure.Call);
  }
  bool SayImported = areRemarksRead(State.M.getContext());
  for (const CallSite &Site : Sites) {
    if (Remaining.contains(Site.Call))
      continue;
    if (SayImported)
      State.M.getContext().diagnose(
          OptimizationRemark(PassName.data(), "Imported", Site.Location,
                             &Site.Caller->getEntryBlock())
          << "'" << nameHelper(Site) << "' imported and inlined into '"
          << ore::NV("Caller", getDisplayName(Site.Caller->getName())) << "'");
    ++State.getRecord(Site.Helper->getName()).InlinedCalls;
  }
  Step Erasing(State.Instrumentation, State.M, "import-helpers: erase");
  nameSymbols(State);
  eraseUnused(State.Definitions);
  for (const WeakVH &Handle : State.Definitions)
    if (const auto *F =
            dyn_cast_or_null<Function>(static_cast<Value *>(Handle)))
      State.Record.Copies.push_back(F->getName().str());
}

//===----------------------------------------------------------------------===//
// 6 Verify, report
//===----------------------------------------------------------------------===//

static Error verify(const Function &F) {
  std::string Text;
  raw_string_ostream OS(Text);
  if (!verifyFunction(F, &OS))
    return Error::success();
  return makeError(DiagnosticCode::BrokenModule,
                   "function '" + F.getName() +
                       "' is not valid IR after the import: " + OS.str(),
                   "check the library with 'inline-helpers check'");
}

/// Runs LLVM's verifier on what is left behind: the functions that were changed
/// and the copies that remain. What is imported was verified when the library
/// was made, or read for the first time (OutsideReader.h).
static Error verifyChanged(const ImportState &State) {
  for (const Function *F : State.Callers)
    if (Error E = verify(*F))
      return E;
  for (const WeakVH &Handle : State.Definitions)
    if (auto *F = dyn_cast_or_null<Function>(static_cast<Value *>(Handle));
        F && !State.Callers.contains(F))
      if (Error E = verify(*F))
        return E;
  return Error::success();
}

/// Says of \p Calls, some of the helper's of \p Record, why they stay.
static void reportLeft(LLVMContext &Context, const HelperRecord &Record,
                       const LeftCalls &Calls, LeftoverKind Leftover) {
  if (Leftover == LeftoverKind::Allow)
    return;
  std::string Where;
  if (Record.Imported)
    Where = Calls.Caller.empty() ? " where its address is taken"
                                 : " in '" + getDisplayName(Calls.Caller) + "'";
  report(Context, Leftover == LeftoverKind::Warn ? DS_Warning : DS_Error,
         "helper '" + Twine(Record.Name) + "' stays a call" + Where + ": " +
             Calls.Why.message());
}

static void reportLeft(LLVMContext &Context, const ImportRecord &Record,
                       LeftoverKind Leftover) {
  for (const HelperRecord &R : Record.Helpers)
    for (const LeftCalls &L : R.Left) {
      reportLeft(Context, R, L, Leftover);
      // Of one that was not imported at all, the first reason is enough.
      if (!R.Imported)
        break;
    }
}

Expected<ImportRecord> inline_helpers::importHelpers(Module &M,
                                                     ModuleAnalysisManager &MAM,
                                                     const Options &Opts,
                                                     LibraryFiles &Files,
                                                     bool AtLTO) {
  ImportState State(M, MAM);
  State.Record.AtLTO = AtLTO;
  State.Record.Module = M.getModuleIdentifier();
  if (Opts.ModuleName)
    State.ModuleName = *Opts.ModuleName;
  if (Opts.Libraries.empty())
    return std::move(State.Record);
  std::vector<WantedHelper> Wanted = findWanted(M);
  if (!Wanted.empty())
    State.Model = getModelFunction(M);
  for (const LibraryOption &Option : Opts.Libraries) {
    if (Wanted.empty())
      break;
    std::vector<StringRef> Names;
    for (const WantedHelper &W : Wanted)
      Names.push_back(W.Declaration->getName());
    Expected<HelperLibrary> Library =
        HelperLibrary::open(Option, M.getContext(), Files, Names);
    if (!Library)
      return Library.takeError();
    // Of another architecture each helper stays a call, whatever its target
    // is: Linux compiles C for thumbv7 where Rust's is arm.
    if (isKnownArchitecture(getTriple(M)))
      if (Error E = Library->checkTarget(M))
        return E;
    if (Opts.Report)
      State.Record.Libraries.push_back({Option.Path, Library->digest()});
    FeatureBaseline Baseline(Library->module());
    std::vector<WantedHelper> Defined = takeDefined(Wanted, *Library);
    Expected<std::vector<PlannedImport>> Planned =
        judgeAll(Defined, *Library, Baseline, State);
    if (!Planned)
      return Planned.takeError();
    import(State, std::move(*Library), Baseline, *Planned, Opts.debugInfo());
  }
  inlineAll(State);
  for (Function *Caller : State.Callers)
    simplifyNullAccesses(*Caller);
  if (Error E = verifyChanged(State))
    return E;
  reportLeft(M.getContext(), State.Record, Opts.leftover());
  return std::move(State.Record);
}

/// Looks up \p Name, or what optimisations made a clone of that name from.
template <typename T>
static typename StringMap<T>::const_iterator findOrigin(const StringMap<T> &Map,
                                                        StringRef Name) {
  for (;; Name = Name.substr(0, Name.rfind('.'))) {
    auto It = Map.find(Name);
    if (It != Map.end() || !Name.contains('.'))
      return It;
  }
}

/// Enters into \p Record which copies of helpers are left, and who calls them.
static void findCopies(const Module &M, ImportRecord &Record,
                       LeftoverKind Leftover) {
  if (Record.Copies.empty())
    return;
  StringMap<HelperRecord *> Helpers;
  for (HelperRecord &R : Record.Helpers)
    if (R.Imported)
      Helpers[R.Name] = &R;
  StringSet<> Copies;
  for (StringRef Name : Record.Copies)
    Copies.insert(Name);
  for (const Function &F : M) {
    if (F.isDeclaration() || !F.hasLocalLinkage())
      continue;
    auto Found = findOrigin(Helpers, F.getName());
    if (Found == Helpers.end())
      continue;
    HelperRecord &Helper = *Found->second;
    Helper.CopyRemains = true;
    // What was left at the import was said then.
    StringSet<> Known;
    for (const LeftCalls &L : Helper.Left)
      Known.insert(L.Caller);
    size_t AlreadySaid = Helper.Left.size();
    for (const Use &U : F.uses()) {
      const auto *Call = dyn_cast<CallBase>(U.getUser());
      if (!Call || !Call->isCallee(&U))
        continue;
      // A copy's call of another is no call of the crate's.
      StringRef Caller = Call->getCaller()->getName();
      if (!Known.contains(Caller) && findOrigin(Copies, Caller) == Copies.end())
        leave(Helper, *Call, {LeftReason::StillCalled, ""});
    }
    for (size_t I = AlreadySaid; I != Helper.Left.size(); ++I)
      reportLeft(M.getContext(), Helper, Helper.Left[I], Leftover);
  }
}

Error inline_helpers::finishImport(Module &M, ImportRecord &Record,
                                   const Options &Opts) {
  findCopies(M, Record, Opts.leftover());
  if (any_of(Record.Helpers, [](const HelperRecord &R) { return R.Imported; }))
    if (Error E = checkNoPlaceholder(M))
      return E;
  // Without a library the pass is idle; with one, a report that is empty takes
  // the place of an older one that is not.
  if (Opts.Report && !Opts.Libraries.empty())
    return writeReport(*Opts.Report, Record);
  return Error::success();
}

PreservedAnalyses inline_helpers::getPreserved(const ImportRecord &Record) {
  return any_of(Record.Helpers,
                [](const HelperRecord &R) { return R.Imported; })
             ? PreservedAnalyses::none()
             : PreservedAnalyses::all();
}

PreservedAnalyses ImportHelpersPass::run(Module &M,
                                         ModuleAnalysisManager &MAM) {
  Expected<ImportRecord> Record = importHelpers(M, MAM, Opts);
  if (!Record) {
    reportErrors(M.getContext(), Record.takeError());
    return PreservedAnalyses::none();
  }
  if (Error E = finishImport(M, *Record, Opts))
    reportErrors(M.getContext(), std::move(E));
  return getPreserved(*Record);
}
