//===- ImportHelpers.cpp - The import-helpers pass ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/ImportHelpers.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/Import.h"
#include "passes/Inline.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

namespace {
/// A wanted helper that stays a call.
struct LeftHelper {
  std::string Name;
  SmallVector<CallBase *> Calls;
  Left Why;
};

/// What the steps hand to each other for one module.
struct ImportState {
  ImportState(Module &M, FunctionAnalysisManager &FAM) : M(M), FAM(FAM) {}

  Module &M;
  FunctionAnalysisManager &FAM;
  std::vector<LeftHelper> Left;
  std::vector<CallBase *> Calls; ///< Direct calls of imported helpers.
  SetVector<Function *> Helpers; ///< Imported ones.
  std::vector<WeakTrackingVH> Definitions;
  SetVector<Function *> Callers; ///< Functions changed by inlining.
};
} // namespace

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

std::vector<WantedHelper> inline_helpers::findWanted(Module &M) {
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

/// Judges \p Wanted against the definitions in \p Library.
///
/// \returns those to import, their bodies read; the others go to State.Left.
static Expected<std::vector<HelperClosure>>
judgeAll(MutableArrayRef<WantedHelper> Wanted, const HelperLibrary &Library,
         ImportState &State) {
  FeatureBaseline Baseline(Library.module());
  auto GetTTI = [&](Function &F) -> const TargetTransformInfo & {
    return State.FAM.getResult<TargetIRAnalysis>(F);
  };
  std::vector<std::pair<WantedHelper *, HelperClosure>> Candidates;
  SmallPtrSet<const GlobalValue *, 16> Named;
  for (WantedHelper &W : Wanted) {
    Function *Helper = Library.module().getFunction(W.Declaration->getName());
    if (!Helper) {
      State.Left.push_back({W.Declaration->getName().str(),
                            W.Calls,
                            {LeftReason::NotAFunction, ""}});
      continue;
    }
    Expected<HelperClosure> Closure = materializeClosure(Library, *Helper);
    if (!Closure)
      return Closure.takeError();
    Named.insert(Closure->Externals.begin(), Closure->Externals.end());
    // Bodies from an earlier library may have brought uses.
    W.NamedByHelper = W.Declaration->getNumUses() != W.Calls.size();
    Candidates.emplace_back(&W, std::move(*Closure));
  }
  std::vector<HelperClosure> ToImport;
  for (auto &[W, Closure] : Candidates) {
    W->NamedByHelper |= Named.contains(Closure.Helper);
    if (std::optional<Left> Found = judge(*W, Closure, Baseline, GetTTI)) {
      State.Left.push_back(
          {W->Declaration->getName().str(), W->Calls, std::move(*Found)});
      continue;
    }
    State.Calls.insert(State.Calls.end(), W->Calls.begin(), W->Calls.end());
    ToImport.push_back(std::move(Closure));
  }
  return ToImport;
}

static Error import(ImportState &State, HelperLibrary Library,
                    ArrayRef<HelperClosure> Closures) {
  if (Closures.empty())
    return Error::success();
  SmallVector<std::string> Names;
  for (const HelperClosure &Closure : Closures)
    Names.push_back(Closure.Helper->getName().str());
  Expected<std::vector<WeakTrackingVH>> New =
      moveIntoModule(State.M, std::move(Library), Closures);
  if (!New)
    return New.takeError();
  State.Definitions.insert(State.Definitions.end(), New->begin(), New->end());
  for (StringRef Name : Names)
    State.Helpers.insert(State.M.getFunction(Name));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// 5 Inline
//===----------------------------------------------------------------------===//

static void remark(const CallBase &Call, const Function &Helper) {
  Call.getContext().diagnose(
      OptimizationRemark(PassName.data(), "Imported", &Call)
      << "'" << ore::NV("Helper", &Helper) << "' imported and inlined into '"
      << ore::NV("Caller", Call.getCaller()) << "'");
}

static void inlineAll(ImportState &State) {
  for (CallBase *Call : State.Calls)
    remark(*Call, *Call->getCalledFunction());
  // Whether a helper's call of another may be inlined depends on where it is.
  auto MayInline = [&](const CallBase &Call) {
    Function &Caller = *const_cast<Function *>(Call.getCaller());
    return !Call.isNoInline() && !Call.isMustTailCall() &&
           !Call.hasOperandBundles() &&
           mayInlineNested(*Call.getCalledFunction(), Caller,
                           State.FAM.getResult<TargetIRAnalysis>(Caller));
  };
  std::vector<FailedInlining> Failed =
      inlineCalls(State.Calls, State.Helpers, MayInline, State.Callers);
  // Such a call is right as it is: it calls the imported copy.
  for (const FailedInlining &Failure : Failed)
    State.Left.push_back({Failure.Call->getCalledFunction()->getName().str(),
                          {Failure.Call},
                          {LeftReason::NotInlinable, Failure.Reason}});
  eraseUnused(State.Definitions);
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

/// Runs LLVM's verifier on what was imported, before it is inlined.
static Error verifyImported(const ImportState &State) {
  for (const WeakTrackingVH &Handle : State.Definitions)
    if (const auto *F = dyn_cast<Function>(static_cast<Value *>(Handle)))
      if (Error E = verify(*F))
        return E;
  return Error::success();
}

/// Runs LLVM's verifier on the functions that were changed.
static Error verifyCallers(const ImportState &State) {
  for (const Function *F : State.Callers)
    if (Error E = verify(*F))
      return E;
  return Error::success();
}

/// Says of each helper that stays a call why it does.
static void reportLeft(const ImportState &State, LeftoverKind Leftover) {
  LLVMContext &Context = State.M.getContext();
  for (const LeftHelper &L : State.Left) {
    StringRef Name = L.Name;
    std::string Why = L.Why.message();
    for (const CallBase *Call : L.Calls)
      Context.diagnose(OptimizationRemarkMissed(PassName.data(), "Left", Call)
                       << "'" << ore::NV("Helper", Name) << "' stays a call: "
                       << ore::NV("Reason", getReasonName(L.Why.Reason)) << ": "
                       << Why);
    if (Leftover != LeftoverKind::Allow)
      report(Context, Leftover == LeftoverKind::Warn ? DS_Warning : DS_Error,
             "helper '" + Name + "' stays a call: " + Why);
  }
}

Expected<bool> inline_helpers::importHelpers(Module &M,
                                             ModuleAnalysisManager &MAM,
                                             const Options &Opts) {
  if (Opts.Libraries.empty())
    return false;
  std::vector<WantedHelper> Wanted = findWanted(M);
  ImportState State(
      M, MAM.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager());
  for (const LibraryOption &Option : Opts.Libraries) {
    if (Wanted.empty())
      break;
    Expected<HelperLibrary> Library =
        HelperLibrary::open(Option, M.getContext());
    if (!Library)
      return Library.takeError();
    if (Error E = Library->checkTarget(M))
      return E;
    std::vector<WantedHelper> Defined = takeDefined(Wanted, *Library);
    Expected<std::vector<HelperClosure>> Closures =
        judgeAll(Defined, *Library, State);
    if (!Closures)
      return Closures.takeError();
    if (Error E = import(State, std::move(*Library), *Closures))
      return E;
  }
  if (Error E = verifyImported(State))
    return E;
  inlineAll(State);
  if (Error E = verifyCallers(State))
    return E;
  reportLeft(State, Opts.leftover());
  return !State.Helpers.empty();
}

PreservedAnalyses ImportHelpersPass::run(Module &M,
                                         ModuleAnalysisManager &MAM) {
  Expected<bool> Changed = importHelpers(M, MAM, Opts);
  if (!Changed) {
    reportErrors(M.getContext(), Changed.takeError());
    return PreservedAnalyses::none();
  }
  return *Changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
