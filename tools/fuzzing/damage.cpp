//===- damage.cpp - Damages a library and imports it ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Imports a library into a crate's module and compiles that, then does the same
// with the library damaged in many ways, each in a process of its own, and
// counts what happens:
//
//   fuzz-damage --count=100000 helpers.bc crate.ll
//
// With a command, that is what does the import; {} in it is the library, and
// standard output is what is compared:
//
//   fuzz-damage --no-truncations --count=300 helpers.bc --
//       rustc -Zllvm-plugins=PLUGIN '-Cpasses=import-helpers<library={}>'
//       --crate-type=lib --emit=llvm-ir -o - crate.rs
//
// The exit status is 1 if a case ends in a crash, a hang, an error that is not
// one line of ours, or, with a sealed library, in another result.
//
//===----------------------------------------------------------------------===//

#include "passes/Diagnostics.h"
#include "passes/ImportHelpers.h"
#include "passes/LLVMVersion.h"
#include "passes/OutsideReader.h"
#include "passes/Seal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <chrono>
#include <csignal>
#include <numeric>
#include <random>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;
using namespace inline_helpers;

static cl::OptionCategory Category("Options");
static cl::opt<std::string> LibraryPath(cl::Positional, cl::Required,
                                        cl::desc("LIBRARY"));
static cl::opt<std::string> CratePath(cl::Positional,
                                      cl::desc("CRATE | -- COMMAND..."));
static cl::opt<uint64_t>
    Count("count",
          cl::desc("How many random damages, besides every truncation"),
          cl::cat(Category), cl::init(1000));
static cl::opt<bool> NoTruncations("no-truncations",
                                   cl::desc("Leave out every truncation"),
                                   cl::cat(Category));
static cl::opt<uint64_t> Seed("seed", cl::desc("Of the random damages"),
                              cl::cat(Category), cl::init(1));
static cl::opt<int64_t> Only("only", cl::desc("Run one case alone"),
                             cl::cat(Category), cl::value_desc("CASE"),
                             cl::init(-1));
static cl::opt<unsigned>
    Jobs("jobs",
         cl::desc("Processes at a time, 1 if the command makes files in this "
                  "folder, as rustc does"),
         cl::cat(Category), cl::init(1));
static cl::opt<std::string>
    Keep("keep", cl::desc("The folder to write libraries of bad cases to"),
         cl::cat(Category), cl::value_desc("FOLDER"));

//===----------------------------------------------------------------------===//
// Damage
//===----------------------------------------------------------------------===//

/// Returns \p Content damaged; every \p Case has its own way, and always the
/// same one.
static std::string damage(StringRef Content, uint64_t Case) {
  std::string Result = Content.str();
  size_t Truncations = NoTruncations ? 0 : Content.size();
  if (Case < Truncations) {
    Result.resize(Case);
    return Result;
  }
  std::seed_seq Sequence{uint64_t(Seed), Case};
  std::mt19937_64 Random(Sequence);
  auto Below = [&](size_t Limit) { return Random() % Limit; };
  // Zeros over zeros change nothing.
  while (Result == Content) {
    size_t Position = Below(Result.size());
    size_t Length = 1 + Below(std::min<size_t>(64, Result.size() - Position));
    switch (Below(8)) {
    case 0: // A run of zeros.
      std::fill_n(Result.begin() + Position, Length, '\0');
      break;
    case 1: { // Two blocks in each other's place.
      size_t Other = Below(Result.size() - Length + 1);
      if (std::max(Position, Other) - std::min(Position, Other) >= Length)
        std::swap_ranges(Result.begin() + Position,
                         Result.begin() + Position + Length,
                         Result.begin() + Other);
      break;
    }
    case 2: // Cut short, or something behind the end.
      if (Below(2))
        Result.resize(Position);
      else
        for (size_t I = 0; I < Length; ++I)
          Result.push_back(Random());
      break;
    default: // Flipped bits.
      for (size_t Flips = 1 + Below(8); Flips; --Flips)
        Result[Below(Result.size())] ^= 1 << Below(8);
    }
  }
  return Result;
}

//===----------------------------------------------------------------------===//
// What happens
//===----------------------------------------------------------------------===//

namespace {
enum Outcome : unsigned {
  Same,         ///< The output is that of the undamaged library.
  ClearError,   ///< One line of ours.
  ReaderKilled, ///< One line, as LLVM's reader did not survive in its process.
  Rejected,     ///< An error of LLVM's assembler, for what it finds there.
  Other,        ///< Another output, for bitcode that LLVM finds valid.
  Unclear,      ///< An error of several lines, or not of ours.
  Crash,
  Hang,
  NumOutcomes
};

constexpr StringLiteral OutcomeNames[NumOutcomes] = {
    "same output as undamaged",
    "one clear error",
    "one clear error: LLVM's reader fails in its own process",
    "valid bitcode with assembly that LLVM rejects",
    "other valid bitcode",
    "UNCLEAR ERROR",
    "CRASH",
    "HANG"};

/// One import and, if there is one, its output.
struct Result {
  Outcome What = Crash;
  uint64_t Output = 0;  ///< A hash of it.
  char Text[500] = {0}; ///< Of the error; may be cut.
};

using Importer = std::function<Result(StringRef Content)>;
} // namespace

static Result makeResult(Outcome What, StringRef Text) {
  Result R{What, /*Output=*/0, {}};
  std::copy_n(Text.begin(), std::min(Text.size(), sizeof(R.Text) - 1), R.Text);
  return R;
}

static Result makeResult(StringRef Output) {
  return Result{Same, xxh3_64bits(Output), {}};
}

static bool isTimeLimit(int Signal) {
  return Signal == SIGALRM || Signal == SIGXCPU;
}

/// A value that child processes write.
template <typename T> static T *makeShared(size_t Number) {
  void *Memory = mmap(nullptr, Number * sizeof(T), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (Memory == MAP_FAILED)
    report_fatal_error("no shared memory");
  return static_cast<T *>(Memory);
}

//===----------------------------------------------------------------------===//
// The import in a fork of this process
//===----------------------------------------------------------------------===//

namespace {
/// A library in memory, which forks of this process share.
class MemoryLibrary {
public:
  MemoryLibrary() : FD(memfd_create("library.bc", 0)) {}

  std::string path() const { return "/proc/self/fd/" + std::to_string(FD); }

  void write(StringRef Content) {
    if (ftruncate(FD, 0) || pwrite(FD, Content.data(), Content.size(), 0) !=
                                ssize_t(Content.size()))
      report_fatal_error("a file in memory cannot be written");
  }

private:
  int FD;
};

/// A crate's module with all that import-helpers needs.
class Crate {
public:
  explicit Crate(StringRef Path) {
    SMDiagnostic Diagnostic;
    M = parseIRFile(Path, Diagnostic, Context);
    if (!M) {
      Diagnostic.print("fuzz-damage", errs());
      std::exit(2);
    }
    Context.setDiagnosticHandlerCallBack(handleDiagnostic, &ErrorOfLLVM);
    TM = createTargetMachine(getTriple(*M));
    if (!TM) {
      WithColor::error() << "no target " << getTriple(*M).str() << '\n';
      std::exit(2);
    }
    PassBuilder PB(TM.get());
    PB.registerModuleAnalyses(MAM);
    PB.registerCGSCCAnalyses(CGAM);
    PB.registerFunctionAnalyses(FAM);
    PB.registerLoopAnalyses(LAM);
    PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  }

  /// Imports the library at \p Path. This process has no further use then.
  Result import(StringRef Path) {
    Options Opts;
    Opts.Libraries.push_back({Path.str(), ""});
    Expected<ImportRecord> Record = importHelpers(*M, MAM, Opts);
    if (!Record)
      return classify(Record.takeError());
    if (verifyModule(*M))
      return makeResult(Unclear, "the crate's module is not valid IR");
    std::string Text;
    raw_string_ostream OS(Text);
    M->print(OS, nullptr);
    raw_null_ostream Nowhere;
    legacy::PassManager CodeGenerator;
    TM->addPassesToEmitFile(CodeGenerator, Nowhere, /*DwoOut=*/nullptr,
                            CodeGenFileType::AssemblyFile);
    CodeGenerator.run(*M);
    if (ErrorOfLLVM)
      return *ErrorOfLLVM;
    return makeResult(OS.str());
  }

  /// Tells one error of one line from everything else.
  static Result classify(Error E) {
    bool IsOurs = E.isA<HelperError>();
    std::string Text = toString(std::move(E));
    bool IsClear = IsOurs && !StringRef(Text).contains('\n');
    return makeResult(IsClear ? ClearError : Unclear, Text);
  }

private:
  /// Keeps an error in \p Said; LLVM's own way is to end the process.
  static void handleDiagnostic(const DiagnosticInfo *DI, void *Said) {
    if (DI->getSeverity() != DS_Error)
      return;
    std::string Text = "LLVM: ";
    raw_string_ostream OS(Text);
    DiagnosticPrinterRawOStream Printer(OS);
    DI->print(Printer);
    bool IsAssembly =
        is_contained({DK_InlineAsm, DK_SrcMgr}, DiagnosticKind(DI->getKind()));
    *static_cast<std::optional<Result> *>(Said) =
        makeResult(IsAssembly ? Rejected : Unclear, OS.str());
  }

  std::optional<Result> ErrorOfLLVM; ///< What code generation says.
  LLVMContext Context;
  std::unique_ptr<Module> M;
  std::unique_ptr<TargetMachine> TM;
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
};

/// What a fork tells of itself.
struct Progress {
  bool InReader; ///< LLVM's reader runs, as in the command's process.
  Result Final;
};
} // namespace

/// Does in this process what the plugin would, but for the command: what that
/// does in a process of its own is done here before the import.
static Result importHere(Crate &C, StringRef Content, MemoryLibrary &Library,
                         Progress &Shared) {
  if (checkSeal(Content) == SealState::None && Content.size() >= 4) {
    Shared.InReader = true;
    Expected<std::string> Rewritten =
        rewriteHere(MemoryBufferRef(Content, Library.path()));
    Shared.InReader = false;
    if (!Rewritten)
      return Crate::classify(Rewritten.takeError());
    Library.write(*Rewritten);
  }
  return C.import(Library.path());
}

static Result importInFork(Crate &C, StringRef Content, MemoryLibrary &Library,
                           Progress &Shared) {
  Shared = {false, {}};
  pid_t Child = fork();
  if (Child < 0)
    report_fatal_error("no process can be made");
  if (Child == 0) {
    close(STDERR_FILENO);
    limitReader(Content.size());
    Shared.Final = importHere(C, Content, Library, Shared);
    _exit(0);
  }
  int Status = 0;
  waitpid(Child, &Status, 0);
  if (WIFEXITED(Status) && WEXITSTATUS(Status) == 0)
    return Shared.Final;
  if (Shared.InReader)
    return makeResult(ReaderKilled, "");
  bool IsHang = WIFSIGNALED(Status) && isTimeLimit(WTERMSIG(Status));
  return makeResult(IsHang ? Hang : Crash, "status " + std::to_string(Status));
}

//===----------------------------------------------------------------------===//
// The import by a command
//===----------------------------------------------------------------------===//

static std::string readText(StringRef Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Text = MemoryBuffer::getFile(Path);
  return Text ? (*Text)->getBuffer().str() : "";
}

static std::string makeTemporary(StringRef Suffix) {
  SmallString<128> Path;
  if (sys::fs::createTemporaryFile("fuzz-damage", Suffix, Path))
    report_fatal_error("no temporary file can be made");
  return std::string(Path);
}

/// Runs \p Words, with {} replaced by the library's path.
static Result importByCommand(ArrayRef<std::string> Words, StringRef Content,
                              StringRef Path, StringRef Output,
                              StringRef Errors) {
  {
    std::error_code EC;
    raw_fd_ostream OS(Path, EC);
    OS << Content;
  }
  std::vector<std::string> Command;
  for (StringRef Word : Words) {
    auto [Before, After] = Word.split("{}");
    Command.push_back(Word == Before ? Word.str()
                                     : (Before + Path + After).str());
  }
  ErrorOr<std::string> Program = sys::findProgramByName(Command.front());
  if (!Program)
    report_fatal_error(Twine("no program ") + Command.front());
  std::optional<StringRef> Redirects[] = {StringRef(), Output, Errors};
  std::string Message;
  int Status = sys::ExecuteAndWait(
      *Program, SmallVector<StringRef>(Command.begin(), Command.end()),
      /*Env=*/std::nullopt, Redirects, /*SecondsToWait=*/120,
      /*MemoryLimit=*/0, &Message);
  std::string Text = readText(Errors);
  if (Status < 0)
    return makeResult(StringRef(Message).contains("timed out") ? Hang : Crash,
                      Message);
  for (StringRef Sign : {"LLVM ERROR", "panicked", "Stack dump", "PLEASE"})
    if (StringRef(Text).contains(Sign))
      return makeResult(Crash, Text);
  if (Status == 0)
    return makeResult(readText(Output));
  if (Status == 1 && StringRef(Text).contains("<inline asm>"))
    return makeResult(Rejected, Text);
  if (Status != 1 || StringRef(Text).count("error: inline-helpers: ") != 1)
    return makeResult(Unclear, Text);
  return makeResult(StringRef(Text).contains("LLVM's reader") ? ReaderKilled
                                                              : ClearError,
                    Text);
}

//===----------------------------------------------------------------------===//
// The cases
//===----------------------------------------------------------------------===//

/// Returns true if the damage of a library may not end so.
static bool isBad(Outcome What, bool IsSealed) {
  return What >= (IsSealed ? Rejected : Unclear);
}

static void keep(uint64_t Case, const Result &R, StringRef Content) {
  outs() << formatv("case {0}: {1} {2}\n", Case, OutcomeNames[R.What], R.Text);
  outs().flush();
  if (Keep.empty())
    return;
  std::error_code EC;
  raw_fd_ostream OS((Keep + "/case-" + Twine(Case) + ".bc").str(), EC);
  OS << Content;
}

/// Runs every Jobs-th of \p Cases, from \p First on, and counts into \p Counts.
static void runCases(StringRef Content, uint64_t Cases, unsigned First,
                     Importer Import, uint64_t *Counts) {
  bool IsSealed = checkSeal(Content) == SealState::Intact;
  Result Reference = Import(Content);
  if (Reference.What != Same) {
    WithColor::error() << "the undamaged library cannot be imported: "
                       << Reference.Text << '\n';
    _exit(2);
  }
  for (uint64_t Case = First; Case < Cases; Case += Jobs) {
    if (Only >= 0 && Case != uint64_t(Only))
      continue;
    std::string Damaged = damage(Content, Case);
    Result R = Import(Damaged);
    if (R.What == Same && R.Output != Reference.Output)
      R.What = Other;
    ++Counts[R.What];
    if (isBad(R.What, IsSealed))
      keep(Case, R, Damaged);
  }
}

static void runJob(StringRef Content, uint64_t Cases, unsigned First,
                   ArrayRef<std::string> Command, uint64_t *Counts) {
  if (!Command.empty()) {
    std::string Files[] = {makeTemporary("bc"), makeTemporary("out"),
                           makeTemporary("err")};
    FileRemover Removers[] = {FileRemover(Files[0]), FileRemover(Files[1]),
                              FileRemover(Files[2])};
    runCases(
        Content, Cases, First,
        [&](StringRef Damaged) {
          return importByCommand(Command, Damaged, Files[0], Files[1],
                                 Files[2]);
        },
        Counts);
    return;
  }
  Crate C(CratePath);
  MemoryLibrary Library;
  Progress *Shared = makeShared<Progress>(1);
  runCases(
      Content, Cases, First,
      [&](StringRef Damaged) {
        Library.write(Damaged);
        return importInFork(C, Damaged, Library, *Shared);
      },
      Counts);
}

int main(int Argc, char **Argv) {
  auto Split = std::find_if(Argv, Argv + Argc,
                            [](StringRef Arg) { return Arg == "--"; });
  std::vector<std::string> Command;
  if (Split != Argv + Argc)
    Command.assign(Split + 1, Argv + Argc);
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmPrinters();
  InitializeAllAsmParsers();
  cl::HideUnrelatedOptions(Category);
  cl::ParseCommandLineOptions(Split - Argv, Argv,
                              "Damages a library and imports it\n");
  ExitOnError OrExit("fuzz-damage: ");
  std::unique_ptr<MemoryBuffer> Library = OrExit(readLibraryFile(LibraryPath));
  StringRef Content = Library->getBuffer();
  bool IsSealed = checkSeal(Content) == SealState::Intact;
  uint64_t Cases = Count + (NoTruncations ? 0 : Content.size());

  auto Start = std::chrono::steady_clock::now();
  uint64_t *Counts = makeShared<uint64_t>(Jobs * NumOutcomes);
  std::vector<pid_t> Workers;
  for (unsigned Job = 0; Job < Jobs; ++Job) {
    pid_t Worker = fork();
    if (Worker == 0) {
      runJob(Content, Cases, Job, Command, Counts + Job * NumOutcomes);
      _exit(0);
    }
    Workers.push_back(Worker);
  }
  bool Failed = false;
  for (pid_t Worker : Workers) {
    int Status = 0;
    waitpid(Worker, &Status, 0);
    Failed |= Status != 0;
  }
  std::chrono::duration<double> Time = std::chrono::steady_clock::now() - Start;

  outs() << formatv("{0}: {1}, {2} bytes, {3} damaged, seed {4}\n", LibraryPath,
                    IsSealed ? "sealed" : "bare", Content.size(), Cases,
                    uint64_t(Seed));
  uint64_t Total = 0;
  for (unsigned What = 0; What < NumOutcomes; ++What) {
    uint64_t Sum = 0;
    for (unsigned Job = 0; Job < Jobs; ++Job)
      Sum += Counts[Job * NumOutcomes + What];
    outs() << formatv("{0,8}  {1}\n", Sum, OutcomeNames[What]);
    Total += Sum;
    Failed |= Sum && isBad(Outcome(What), IsSealed);
  }
  outs() << formatv("{0,8}  in {1:F1} s\n", Total, Time.count());
  return Failed || (Only < 0 && Total != Cases);
}
