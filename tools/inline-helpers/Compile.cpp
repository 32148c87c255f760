//===- Compile.cpp - inline-helpers compile -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "KernelModuleName.h"
#include "Promote.h"
#include "Toolchain.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/LLVMVersion.h"
#include "passes/Seal.h"
#include "passes/TargetFeatures.h"
#include "passes/WholeFile.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Optimisation
//===----------------------------------------------------------------------===//

/// Returns the last -O of \p Flags, "-O2" if there is none or it is -O0: what
/// is compiled without optimisation is marked not to be inlined.
static std::string getOptimisationFlag(ArrayRef<std::string> Flags) {
  std::string Result;
  for (StringRef Flag : Flags)
    if (Flag.starts_with("-O"))
      Result = Flag.str();
  return Result.empty() || Result == "-O0" ? "-O2" : Result;
}

static OptimizationLevel getLevel(StringRef Flag) {
  if (Flag == "-O" || Flag == "-O1" || Flag == "-Og")
    return OptimizationLevel::O1;
  if (Flag == "-Os")
    return OptimizationLevel::Os;
  if (Flag == "-Oz")
    return OptimizationLevel::Oz;
  if (Flag == "-O2")
    return OptimizationLevel::O2;
  return OptimizationLevel::O3;
}

/// Simplifies \p M as ThinLTO does before its link: callees are inlined and
/// their attributes computed, nothing is vectorised, unrolled or instrumented.
/// The variables of loops are left to rustc's pipeline, which rewrites them
/// once, as clang's does: rewritten twice, more loops are vectorised and
/// unrolled than in C, and of some there is more code.
static void simplify(Module &M, OptimizationLevel Level) {
  std::unique_ptr<TargetMachine> TM = createTargetMachine(getTriple(M));
  PassInstrumentationCallbacks Callbacks;
  Callbacks.registerShouldRunOptionalPassCallback(
      [](StringRef Pass, Any) { return Pass != IndVarSimplifyPass::name(); });
  PassBuilder PB(TM.get(), PipelineTuningOptions(), std::nullopt, &Callbacks);
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  PB.buildThinLTOPreLinkDefaultPipeline(Level).run(M, MAM);
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

static void printCommand(ArrayRef<StringRef> Command) {
  for (StringRef Word : Command) {
    sys::printArg(errs(), Word, /*Quote=*/false);
    errs() << (&Word == &Command.back() ? '\n' : ' ');
  }
}

/// What clang is to make of a source.
enum class ClangOutput {
  Bitcode, ///< From before any LLVM pass.
  Print,   ///< C, printed from what clang understood.
  Object   ///< Of bitcode.
};

/// Runs clang on \p Source, into \p Output.
static Error runClang(StringRef Clang, const CompileJob &Job,
                      ArrayRef<std::string> Flags, StringRef Source,
                      ClangOutput Kind, StringRef Output) {
  std::string Optimisation = getOptimisationFlag(Flags);
  SmallVector<StringRef, 64> Command = {Clang};
  Command.append(Flags.begin(), Flags.end());
  Command.append({Optimisation, "-Qunused-arguments"});
  // Warnings and debug info are for who compiles the object.
  if (Job.Object.empty())
    Command.append(
        {"-w", asksForDebugInfo(Job.Flags) ? "-gline-tables-only" : "-g0"});
  std::optional<StringRef> Redirects[] = {std::nullopt, std::nullopt,
                                          std::nullopt};
  switch (Kind) {
  case ClangOutput::Bitcode:
    Command.append({"-Xclang", "-disable-llvm-passes", "-emit-llvm", "-c",
                    Source, "-o", Output});
    break;
  case ClangOutput::Print:
    Command.append({"-Xclang", "-ast-print", "-fsyntax-only", Source});
    Redirects[1] = Output;
    break;
  case ClangOutput::Object:
    Command.append({"-x", "ir", "-c", Source, "-o", Output});
    break;
  }
  if (Job.Verbose)
    printCommand(Command);
  std::string Message;
  int Status = sys::ExecuteAndWait(Clang, Command, /*Env=*/std::nullopt,
                                   Redirects, /*SecondsToWait=*/0,
                                   /*MemoryLimit=*/0, &Message);
  if (Status == 0)
    return Error::success();
  StringRef What = Kind == ClangOutput::Object ? Job.Object : Source;
  return makeError(DiagnosticCode::Unreadable,
                   "clang cannot compile '" + What + "'" +
                       (Message.empty() ? "" : ": " + Message),
                   "what clang says stands above; --verbose shows its command");
}

static Expected<std::unique_ptr<Module>>
materializeAll(Expected<HelperLibrary> Library) {
  if (!Library)
    return Library.takeError();
  std::unique_ptr<Module> M = Library->takeModule();
  if (Error E = M->materializeAll())
    return E;
  return M;
}

Expected<std::unique_ptr<Module>>
inline_helpers::readAll(StringRef Library, LLVMContext &Context) {
  Expected<std::unique_ptr<Module>> M =
      materializeAll(HelperLibrary::open({Library.str(), ""}, Context));
  if (M)
    FeatureBaseline(**M).restoreTargets(**M);
  return M;
}

/// Returns what clang makes of \p Source.
static Expected<std::unique_ptr<MemoryBuffer>>
callClang(StringRef Clang, const CompileJob &Job, ArrayRef<std::string> Flags,
          StringRef Source, ClangOutput Kind) {
  Expected<SmallString<128>> Temporary = makeTemporaryFile("bc");
  if (!Temporary)
    return Temporary.takeError();
  FileRemover Remover(*Temporary);
  if (Error E = runClang(Clang, Job, Flags, Source, Kind, *Temporary))
    return E;
  return readLibraryFile(*Temporary);
}

/// Checks that \p Source and \p Flags are such as an object can be made of.
static Error checkObject(StringRef Source, ArrayRef<std::string> Flags) {
  if (sys::path::extension(Source) == ".bc")
    return makeError(DiagnosticCode::BadOption,
                     "no object can be made of '" + Source +
                         "', which is bitcode already",
                     "give its C file, or leave out --object");
  if (!getModuleNameFlags(Flags, Placeholder::First).empty())
    return makeError(DiagnosticCode::BadOption,
                     "--object is not for helpers of the kernel "
                     "(-DKBUILD_MODNAME): each module has another name",
                     "leave out --object; the kernel's build makes the object");
  return Error::success();
}

/// Checks that \p Clang, which wrote \p Bitcode, reads what this LLVM writes:
/// it reads no bitcode of a newer LLVM than its own.
static Error checkReadsOurs(StringRef Clang, const MemoryBuffer &Bitcode) {
  Expected<Producer> Found = readProducer(Bitcode.getMemBufferRef());
  if (!Found)
    return Found.takeError();
  if (Found->Major >= LLVM_VERSION_MAJOR)
    return Error::success();
  return makeError(DiagnosticCode::BadOption,
                   "'" + Clang + "' has " + Found->Text +
                       ", and for --object it has to read bitcode of LLVM " +
                       Twine(LLVM_VERSION_MAJOR),
                   "name clang " + Twine(LLVM_VERSION_MAJOR) +
                       " with --clang, or leave out --object");
}

/// Compiles \p Source with clang, and lets no pass of LLVM run.
static Expected<std::unique_ptr<Module>>
compileC(StringRef Clang, const CompileJob &Job, ArrayRef<std::string> Flags,
         StringRef Source, LLVMContext &Context) {
  Expected<std::unique_ptr<MemoryBuffer>> Bitcode =
      callClang(Clang, Job, Flags, Source, ClangOutput::Bitcode);
  if (!Bitcode)
    return Bitcode.takeError();
  if (!Job.Object.empty())
    if (Error E = checkReadsOurs(Clang, **Bitcode))
      return E;
  return materializeAll(
      HelperLibrary::parse(LibraryFile(std::move(*Bitcode)), Context));
}

static Expected<std::unique_ptr<Module>> compileOne(const CompileJob &Job,
                                                    ArrayRef<std::string> Flags,
                                                    StringRef Source,
                                                    LLVMContext &Context) {
  if (!Job.Object.empty())
    if (Error E = checkObject(Source, Flags))
      return E;
  // Bitcode that is there needs no clang, which would give it this machine's
  // triple.
  if (sys::path::extension(Source) == ".bc")
    return readAll(Source, Context);
  Expected<std::string> Clang = chooseClang(Job.Clang);
  if (!Clang)
    return Clang.takeError();
  auto AddTo = [&](Placeholder Which) {
    std::vector<std::string> All = Flags;
    for (std::string &Flag : getModuleNameFlags(Flags, Which))
      All.push_back(std::move(Flag));
    return All;
  };
  std::vector<std::string> First = AddTo(Placeholder::First);
  Expected<std::unique_ptr<Module>> M =
      compileC(*Clang, Job, First, Source, Context);
  if (!M || First.size() == Flags.size())
    return M;
  Expected<std::unique_ptr<Module>> Second =
      compileC(*Clang, Job, AddTo(Placeholder::Second), Source, Context);
  if (!Second)
    return Second.takeError();
  markModuleNameUse(**M, **Second);
  Expected<std::unique_ptr<MemoryBuffer>> Print =
      callClang(*Clang, Job, First, Source, ClangOutput::Print);
  if (!Print)
    return Print.takeError();
  markModuleNameReaders(**M, (*Print)->getBuffer());
  return M;
}

/// Compiles \p Source and adds to \p Rules, if the job wants them, make's rule
/// of the files that clang reads.
static Expected<std::unique_ptr<Module>>
compileWithRule(const CompileJob &Job, std::vector<std::string> Flags,
                StringRef Source, LLVMContext &Context, std::string &Rules) {
  if (Job.DependencyFile.empty())
    return compileOne(Job, Flags, Source, Context);
  Expected<SmallString<128>> Temporary = makeTemporaryFile("bc");
  if (!Temporary)
    return Temporary.takeError();
  FileRemover Remover(*Temporary);
  Flags.insert(Flags.end(),
               {"-MD", "-MF", Temporary->str().str(), "-MQ", Job.Output});
  Expected<std::unique_ptr<Module>> M = compileOne(Job, Flags, Source, Context);
  if (!M)
    return M;
  ErrorOr<std::unique_ptr<MemoryBuffer>> Rule =
      MemoryBuffer::getFile(*Temporary);
  if (!Rule)
    return errorCodeToError(Rule.getError());
  Rules += (*Rule)->getBuffer();
  return M;
}

static void printDiagnostic(const DiagnosticInfo &Info) {
  if (Info.getSeverity() > DS_Warning)
    return;
  DiagnosticPrinterRawOStream Printer(Info.getSeverity() == DS_Error
                                          ? WithColor::error()
                                          : WithColor::warning());
  Info.print(Printer);
  Printer << "\n";
}

void inline_helpers::printDiagnostics(LLVMContext &Context) {
  Context.setDiagnosticHandlerCallBack(
      [](const DiagnosticInfo *Info, void *) { printDiagnostic(*Info); });
}

/// Compiles \p M to the object of \p Job, with the clang it comes from.
static Expected<std::unique_ptr<MemoryBuffer>>
compileObject(const CompileJob &Job, ArrayRef<std::string> Flags,
              const Module &M) {
  Expected<std::string> Clang = chooseClang(Job.Clang);
  if (!Clang)
    return Clang.takeError();
  Expected<SmallString<128>> Temporary = makeTemporaryFile("bc");
  if (!Temporary)
    return Temporary.takeError();
  FileRemover Remover(*Temporary);
  if (Error E = writeWholeFile(*Temporary, writeBitcode(M)))
    return E;
  return callClang(*Clang, Job, Flags, *Temporary, ClangOutput::Object);
}

/// Drops what tells where and how the compiler was called.
static void dropProvenance(Module &M) {
  for (StringRef Name : {"llvm.ident", "llvm.commandline"})
    if (NamedMDNode *Node = M.getNamedMetadata(Name))
      M.eraseNamedMetadata(Node);
}

/// Makes calls of functions that are defined elsewhere and declared to preserve
/// most or all registers plain C calls: GCC, which may have compiled them, has
/// no such attribute (the kernel's __preserve_most). Arguments and results are
/// passed alike, and a caller that expects less is always right (LangRef). Of a
/// function whose address is taken not all calls are known.
static void callByC(Module &M) {
  for (Function &F : M) {
    if (!F.isDeclaration() || F.hasAddressTaken() ||
        (F.getCallingConv() != CallingConv::PreserveMost &&
         F.getCallingConv() != CallingConv::PreserveAll))
      continue;
    F.setCallingConv(CallingConv::C);
    for (User *U : F.users())
      cast<CallBase>(U)->setCallingConv(CallingConv::C);
  }
}

std::string inline_helpers::writeBitcode(const Module &M) {
  std::string Bitcode;
  raw_string_ostream OS(Bitcode);
  WriteBitcodeToFile(M, OS);
  return Bitcode;
}

Error inline_helpers::linkInto(std::unique_ptr<Module> &Whole,
                               std::unique_ptr<Module> M, StringRef Source) {
  if (!Whole)
    Whole = std::move(M);
  else if (Linker::linkModules(*Whole, std::move(M)))
    return makeError(DiagnosticCode::Damaged,
                     "'" + Source +
                         "' cannot be linked with the files before it",
                     "compile it to a library of its own");
  return Error::success();
}

Error inline_helpers::compile(const CompileJob &Job) {
  std::vector<std::string> Flags = selectFlags(
      Job.Flags, Job.Object.empty() ? FlagUse::Bitcode : FlagUse::Object);

  LLVMContext Context;
  printDiagnostics(Context);
  std::unique_ptr<Module> Whole;
  std::string Rules;
  for (const std::string &Source : Job.Sources) {
    Expected<std::unique_ptr<Module>> M =
        compileWithRule(Job, Flags, Source, Context, Rules);
    if (!M)
      return M.takeError();
    if (Error E = linkInto(Whole, std::move(*M), Source))
      return E;
  }
  if (const Function *F = findFunctionOfUnknownTarget(*Whole))
    return makeError(DiagnosticCode::OtherTarget,
                     "'" + F->getName() +
                         "' is compiled for what this LLVM does not know: " +
                         findUnknownTarget(*F),
                     "compile it for a CPU that LLVM " +
                         Twine(LLVM_VERSION_MAJOR) + " has");
  callByC(*Whole);
  spreadModuleNameUse(*Whole);
  {
    HiddenStrings Hidden(*Whole);
    simplify(*Whole, getLevel(getOptimisationFlag(Flags)));
  }
  std::string Text;
  raw_string_ostream OS(Text);
  if (verifyModule(*Whole, &OS))
    return makeError(DiagnosticCode::Damaged,
                     "the simplified bitcode is not valid: " + OS.str(),
                     "report it with the sources and flags");
  std::unique_ptr<MemoryBuffer> Object;
  if (!Job.Object.empty()) {
    std::vector<GlobalObject *> Promoted = promoteLocals(*Whole);
    if (Error E = compileObject(Job, Flags, *Whole).moveInto(Object))
      return E;
    referToObject(Promoted);
  }
  dropProvenance(*Whole);
  FeatureBaseline Baseline(*Whole);
  Baseline.set(*Whole);
  Baseline.dropTargets(*Whole);
  std::string Bitcode = writeBitcode(*Whole);
  if (Bitcode.size() > MaxFileSize)
    return makeError(DiagnosticCode::Unreadable,
                     "the library would be larger than 1 GiB", "divide it");
  std::string Library = seal(Bitcode);
  SmallVector<FileContent, 3> Files;
  if (!Job.DependencyFile.empty())
    Files.push_back({Job.DependencyFile, Rules});
  if (Object)
    Files.push_back({Job.Object, Object->getBuffer()});
  Files.push_back({Job.Output, Library});
  return writeWholeFiles(Files);
}
