//===- OutsideReader.cpp - Reads bitcode in another process ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/OutsideReader.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/Import.h"
#include "passes/LLVMVersion.h"
#include "passes/Seal.h"
#include "passes/TargetFeatures.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Support/Compiler.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Generates code for each inline assembly in \p M, if its target is
/// registered. LLVM's verifier does not look into the text, and some of it ends
/// the process that does. What there is merely an error for, the crate's
/// compiler can say.
static void rehearseAssembly(Module &M) {
  std::unique_ptr<TargetMachine> TM = createTargetMachine(getTriple(M));
  if (!TM)
    return;
  // A context has each assembly once.
  SmallPtrSet<const Value *, 16> Seen;
  for (Function &F : M) {
    bool HasNew = false;
    for (const Instruction &I : instructions(F)) {
      const auto *CB = dyn_cast<CallBase>(&I);
      if (CB && CB->isInlineAsm())
        HasNew |= Seen.insert(CB->getCalledOperand()).second;
    }
    if (!HasNew && !F.isDeclaration())
      F.deleteBody();
  }
  if (Seen.empty())
    return;
  M.getContext().setDiagnosticHandlerCallBack(
      [](const DiagnosticInfo *, void *) {});
  raw_null_ostream Nowhere;
  legacy::PassManager CodeGenerator;
  TM->addPassesToEmitFile(CodeGenerator, Nowhere, /*DwoOut=*/nullptr,
                          CodeGenFileType::AssemblyFile);
  CodeGenerator.run(M);
}

/// Moves every helper of \p Library into an empty module: what LLVM's verifier
/// lets pass can still be more than StripDebugInfo takes. Whether
/// they survive is all that counts: which helper may be imported is asked
/// later.
static void rehearseImport(HelperLibrary Library, DebugInfoKind DebugInfo) {
  Module &Source = Library.module();
  Module Crate("crate", Source.getContext());
  Crate.setTargetTriple(Source.getTargetTriple());
  Crate.setDataLayout(Source.getDataLayout());
  // Without a compile unit of the crate, lines would be dropped as well.
  for (DICompileUnit *Unit : Source.debug_compile_units())
    Crate.getOrInsertNamedMetadata("llvm.dbg.cu")->addOperand(Unit);
  FeatureBaseline Baseline(Source);
  std::vector<HelperClosure> Closures;
  for (Function &F : Source) {
    if (!isHelper(F))
      continue;
    Expected<HelperClosure> Closure = materializeClosure(Library, F);
    if (!Closure)
      return consumeError(Closure.takeError());
    Closures.push_back(std::move(*Closure));
  }
  moveIntoModule(Crate, std::move(Library), Closures, Baseline,
                 /*Model=*/nullptr, DebugInfo);
  if (DebugInfo == DebugInfoKind::Strip)
    rehearseAssembly(Crate);
}

/// Opens \p Buffer, which outlives the library, and reads every body.
static Expected<HelperLibrary> readWhole(MemoryBufferRef Buffer,
                                         LLVMContext &Context) {
  Expected<HelperLibrary> Library = HelperLibrary::parse(
      LibraryFile(MemoryBuffer::getMemBuffer(Buffer,
                                             /*RequiresNullTerminator=*/false)),
      Context);
  if (!Library)
    return Library;
  if (Error E = Library->verify())
    return E;
  return Library;
}

Expected<std::string> inline_helpers::rewriteHere(MemoryBufferRef Buffer) {
  std::string Bitcode;
  {
    LLVMContext Context;
    Expected<HelperLibrary> Library = readWhole(Buffer, Context);
    if (!Library)
      return Library.takeError();
    raw_string_ostream OS(Bitcode);
    WriteBitcodeToFile(Library->module(), OS);
  }
  Bitcode = seal(Bitcode);
  for (DebugInfoKind DebugInfo : {DebugInfoKind::Strip, DebugInfoKind::Lines}) {
    LLVMContext Context;
    Expected<HelperLibrary> Library = readWhole(
        MemoryBufferRef(Bitcode, Buffer.getBufferIdentifier()), Context);
    if (!Library)
      return Library.takeError();
    rehearseImport(std::move(*Library), DebugInfo);
  }
  return Bitcode;
}

void inline_helpers::limitReader(size_t Size) {
  auto Limit = [](auto Resource, rlim_t Value) {
    struct rlimit Current;
    if (getrlimit(Resource, &Current))
      return;
    Current.rlim_cur = std::min(Value, Current.rlim_max);
    setrlimit(Resource, &Current);
  };
  constexpr rlim_t MiB = 1 << 20;
  // Many times what it takes.
  rlim_t Seconds = 2 + 10 * Size / MiB;
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_CPU, Seconds);
  alarm(30 * Seconds);
#if !LLVM_ADDRESS_SANITIZER_BUILD
  // Its shadow memory is terabytes, its stack frames are larger.
  Limit(RLIMIT_AS, 1024 * MiB + 100 * Size);
  // rustc's threads have 2 MiB.
  Limit(RLIMIT_STACK, MiB);
#endif
}

//===----------------------------------------------------------------------===//
// The answer: a line that names protocol and LLVM, printed before anything is
// read; a line of JSON, with the error if there is one; the new bitcode.
//===----------------------------------------------------------------------===//

static std::string getGreeting() {
  return "inline-helpers rewrite 1 LLVM " + std::to_string(LLVM_VERSION_MAJOR) +
         "\n";
}

int inline_helpers::answerOutsideReader(StringRef Name) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Input = MemoryBuffer::getSTDIN();
  if (!Input)
    return 1;
  outs() << getGreeting();
  outs().flush();
  limitReader((*Input)->getBufferSize());
  json::Object Answer;
  Expected<std::string> Rewritten =
      rewriteHere(MemoryBufferRef((*Input)->getBuffer(), Name));
  handleAllErrors(Rewritten.takeError(), [&](const HelperError &E) {
    Answer["code"] = static_cast<int>(E.code());
    Answer["what"] = E.what().str();
    Answer["help"] = E.help().str();
  });
  outs() << json::Value(std::move(Answer)) << '\n';
  if (Rewritten)
    outs() << *Rewritten;
  outs().flush();
  return 0;
}

/// Reads the answer in \p Output about the library \p Name.
///
/// \returns the bitcode or the error in it, or an error that there is neither.
static Expected<std::string> parseAnswer(StringRef Output, StringRef Name) {
  auto [Line, Bitcode] = Output.split('\n');
  Expected<json::Value> Parsed = json::parse(Line);
  if (!Parsed)
    return damagedLibrary(Name, "LLVM's reader fails: " +
                                    toString(Parsed.takeError()));
  const json::Object *Answer = Parsed->getAsObject();
  if (Answer && !Answer->empty())
    return makeError(
        static_cast<DiagnosticCode>(Answer->getInteger("code").value_or(0)),
        Answer->getString("what").value_or(""),
        Answer->getString("help").value_or(""));
  if (checkSeal(Bitcode) != SealState::Intact)
    return damagedLibrary(Name, "LLVM's reader fails");
  return Bitcode.str();
}

//===----------------------------------------------------------------------===//
// The process
//===----------------------------------------------------------------------===//

static Error cannotCheck(StringRef Name, const Twine &Why) {
  return makeError(
      DiagnosticCode::Unreadable,
      "library '" + Name + "' cannot be checked for damage: " + Why,
      "install or build inline-helpers whole, or make the library with "
      "'inline-helpers compile': such a one needs no check");
}

/// Finds the command beside the shared object or program this code is in, or
/// returns "".
static std::string findCommand() {
  static int Anchor;
  Dl_info Info;
  // Of a program that was found in PATH, dladdr knows the bare name alone.
  std::string Places[] = {
      dladdr(&Anchor, &Info) ? Info.dli_fname : "",
      sys::fs::getMainExecutable(nullptr, &Anchor),
  };
  for (const std::string &Place : Places) {
    SmallString<128> Self;
    if (sys::fs::real_path(Place, Self))
      continue;
    for (StringRef Folder : {"", "../bin", "../../bin"}) {
      SmallString<128> Command = sys::path::parent_path(Self);
      sys::path::append(Command, Folder, "inline-helpers");
      sys::path::remove_dots(Command, /*remove_dot_dot=*/true);
      if (sys::fs::can_execute(Command))
        return std::string(Command);
    }
  }
  return "";
}

namespace {
/// A file in memory that child processes do not inherit.
class MemoryFile {
public:
  MemoryFile() : FD(memfd_create("inline-helpers", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile &) = delete;
  ~MemoryFile() {
    if (FD >= 0)
      close(FD);
  }

  int fd() const { return FD; }

  std::error_code write(StringRef Content) {
    if (FD < 0)
      return errnoAsErrorCode();
    raw_fd_ostream OS(FD, /*shouldClose=*/false, /*unbuffered=*/true);
    OS << Content;
    std::error_code EC = OS.error();
    OS.clear_error();
    lseek(FD, 0, SEEK_SET);
    return EC;
  }

  std::string read() const {
    SmallVector<char, 0> Content;
    lseek(FD, 0, SEEK_SET);
    consumeError(sys::fs::readNativeFileToEOF(FD, Content));
    return std::string(Content.begin(), Content.end());
  }

private:
  int FD;
};

/// How the other process ended.
struct Outcome {
  int Status = 0; ///< Of waitpid.
  std::string Output;
};
} // namespace

/// Runs \p Command on \p Buffer and waits for it.
///
/// posix_spawn, as other threads run meanwhile; and not LLVM's ExecuteAndWait,
/// whose time limit is an alarm() of this process, and which can neither hand
/// over an open file nor undo signals that are ignored or blocked here.
static Expected<Outcome> run(const std::string &Command,
                             MemoryBufferRef Buffer) {
  auto Fail = [&](std::error_code EC) {
    return cannotCheck(Buffer.getBufferIdentifier(),
                       "'" + Command + "': " + EC.message());
  };
  MemoryFile Input, Output;
  if (std::error_code EC = Input.write(Buffer.getBuffer()))
    return Fail(EC);
  if (std::error_code EC = Output.write(""))
    return Fail(EC);

  std::string Word = OutsideReaderCommand.str();
  std::string Name = Buffer.getBufferIdentifier().str();
  char *Argv[] = {const_cast<char *>(Command.c_str()), Word.data(), Name.data(),
                  nullptr};
  posix_spawn_file_actions_t Files;
  posix_spawn_file_actions_init(&Files);
  posix_spawn_file_actions_adddup2(&Files, Input.fd(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&Files, Output.fd(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&Files, STDERR_FILENO, "/dev/null", O_WRONLY,
                                   /*mode=*/0);
  // The limits end it by signals: they must arrive.
  posix_spawnattr_t Attributes;
  posix_spawnattr_init(&Attributes);
  sigset_t Signals;
  sigemptyset(&Signals);
  posix_spawnattr_setsigmask(&Attributes, &Signals);
  sigaddset(&Signals, SIGALRM);
  sigaddset(&Signals, SIGXCPU);
  posix_spawnattr_setsigdefault(&Attributes, &Signals);
  posix_spawnattr_setflags(&Attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t Child;
  int Failed =
      posix_spawn(&Child, Command.c_str(), &Files, &Attributes, Argv, environ);
  posix_spawnattr_destroy(&Attributes);
  posix_spawn_file_actions_destroy(&Files);
  if (Failed)
    return Fail(std::error_code(Failed, std::generic_category()));

  Outcome Result;
  if (sys::RetryAfterSignal(-1, waitpid, Child, &Result.Status, 0) < 0)
    return Fail(errnoAsErrorCode());
  Result.Output = Output.read();
  return Result;
}

Expected<std::string> inline_helpers::rewriteOutside(MemoryBufferRef Buffer) {
  StringRef Name = Buffer.getBufferIdentifier();
  std::string Command = findCommand();
  if (Command.empty())
    return cannotCheck(Name, "the command inline-helpers is not beside the "
                             "plugin, in ../bin");
  Expected<Outcome> Result = run(Command, Buffer);
  if (!Result)
    return Result.takeError();
  StringRef Answer = Result->Output;
  if (!Answer.consume_front(getGreeting()))
    return cannotCheck(Name, "'" + Command + "' is not the command of this " +
                                 "plugin, which is for LLVM " +
                                 Twine(LLVM_VERSION_MAJOR));
  if (WIFEXITED(Result->Status) && WEXITSTATUS(Result->Status) == 0)
    return parseAnswer(Answer, Name);
  int Signal = WIFSIGNALED(Result->Status) ? WTERMSIG(Result->Status) : 0;
  return damagedLibrary(Name, Signal == SIGALRM || Signal == SIGXCPU
                                  ? "LLVM's reader takes too long"
                                  : "LLVM's reader cannot take it");
}
