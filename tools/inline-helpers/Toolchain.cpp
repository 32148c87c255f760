//===- Toolchain.cpp - What other programs say of themselves --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Toolchain.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"
#include <cerrno>
#include <csignal>
#include <sys/wait.h>

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Run programs
//===----------------------------------------------------------------------===//

Error inline_helpers::noTemporaryFile(std::error_code EC) {
  return makeError(DiagnosticCode::Unwritable,
                   "cannot make a temporary file: " + EC.message(),
                   "make room in the folder for temporary files");
}

Expected<SmallString<128>> inline_helpers::makeTemporaryFile(StringRef Suffix) {
  SmallString<128> Path;
  if (std::error_code EC =
          sys::fs::createTemporaryFile("inline-helpers", Suffix, Path))
    return noTemporaryFile(EC);
  return Path;
}

Expected<ProgramOutput>
inline_helpers::runAndCapture(ArrayRef<std::string> Command) {
  Expected<SmallString<128>> Output = makeTemporaryFile("txt");
  if (!Output)
    return Output.takeError();
  FileRemover RemoveOutput(*Output);
  Expected<SmallString<128>> Errors = makeTemporaryFile("txt");
  if (!Errors)
    return Errors.takeError();
  FileRemover RemoveErrors(*Errors);
  std::optional<StringRef> Redirects[] = {StringRef(), Output->str(),
                                          Errors->str()};
  ProgramOutput Result;
  std::string Why;
  std::vector<StringRef> Argv(Command.begin(), Command.end());
  Result.Status = sys::ExecuteAndWait(Argv.front(), Argv, /*Env=*/std::nullopt,
                                      Redirects, /*SecondsToWait=*/0,
                                      /*MemoryLimit=*/0, &Why);
  for (auto [Path, Text] :
       {std::pair(&*Output, &Result.Output), {&*Errors, &Result.Errors}}) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
        MemoryBuffer::getFile(*Path);
    if (!Buffer)
      return noTemporaryFile(Buffer.getError());
    *Text = (*Buffer)->getBuffer().str();
  }
  if (Result.Status < 0)
    Result.Errors += Why + "\n";
  return Result;
}

Expected<int> inline_helpers::runToEnd(StringRef Program,
                                       ArrayRef<std::string> Command) {
  // Unlike SIG_IGN, a handler is not inherited.
  for (int Signal : {SIGINT, SIGQUIT})
    std::signal(Signal, [](int) {});
  std::string Why;
  std::vector<StringRef> Argv(Command.begin(), Command.end());
  sys::ProcessInfo Child =
      sys::ExecuteNoWait(Program, Argv, /*Env=*/std::nullopt, /*Redirects=*/{},
                         /*MemoryLimit=*/0, &Why);
  if (Child.Pid == sys::ProcessInfo::InvalidPid)
    return makeError(DiagnosticCode::Unreadable,
                     "'" + Command.front() + "': " + Why, "");
  // sys::Wait takes 126 and 127 for errors of its own, and it may be those of
  // a program that cargo runs.
  int Status = 0;
  while (waitpid(Child.Pid, &Status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED(Status) ? WEXITSTATUS(Status) : 128 + WTERMSIG(Status);
}

//===----------------------------------------------------------------------===//
// rustc
//===----------------------------------------------------------------------===//

bool RustcVersion::isNightly() const {
  return StringRef(Release).ends_with("-nightly") ||
         StringRef(Release).ends_with("-dev");
}

Expected<RustcVersion> inline_helpers::parseRustcVersion(StringRef Text,
                                                         StringRef Rustc,
                                                         const Twine &Help) {
  RustcVersion Version;
  SmallVector<StringRef, 16> Lines;
  Text.split(Lines, '\n');
  for (StringRef Line : Lines) {
    if (Line.consume_front("release: "))
      Version.Release = Line.str();
    else if (Line.consume_front("host: "))
      Version.Host = Line.str();
    else if (Line.consume_front("LLVM version: "))
      Version.LLVMVersion = Line.str();
  }
  if (StringRef(Version.LLVMVersion)
          .split('.')
          .first.getAsInteger(10, Version.LLVMMajor))
    return makeError(DiagnosticCode::Unreadable,
                     "rustc '" + Rustc + "': 'rustc -vV' names no LLVM version",
                     Help);
  return Version;
}

/// Returns true if the dynamic symbols of \p Path, a library, are of LLVM too:
/// its own, or those it takes from a libLLVM.
static Expected<bool> namesLLVM(StringRef Path) {
  Expected<object::OwningBinary<object::ObjectFile>> File =
      object::ObjectFile::createObjectFile(Path);
  if (!File)
    return File.takeError();
  auto *ELF = dyn_cast<object::ELFObjectFileBase>(File->getBinary());
  if (!ELF)
    return false;
  for (const object::ELFSymbolRef &Symbol : ELF->getDynamicSymbolIterators()) {
    Expected<StringRef> Name = Symbol.getName();
    if (!Name)
      return Name.takeError();
    // A method or a function of namespace llvm.
    if (Name->starts_with("_ZN4llvm") || Name->starts_with("_ZNK4llvm"))
      return true;
  }
  return false;
}

Expected<bool> inline_helpers::hasUsableLLVM(StringRef Sysroot) {
  for (StringRef Folder :
       {"lib", "lib64", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"}) {
    SmallString<128> Libraries(Sysroot);
    sys::path::append(Libraries, Folder);
    std::error_code EC;
    for (sys::fs::directory_iterator I(Libraries, EC), End; !EC && I != End;
         I.increment(EC))
      if (sys::path::filename(I->path()).starts_with("librustc_driver-"))
        return namesLLVM(I->path());
  }
  return makeError(DiagnosticCode::Unreadable,
                   "there is no librustc_driver in '" + Sysroot + "/lib'",
                   "use a rustc of rustup or of a distribution");
}

//===----------------------------------------------------------------------===//
// clang
//===----------------------------------------------------------------------===//

Expected<std::string> inline_helpers::askClangVersion(StringRef Clang) {
  Expected<ProgramOutput> Said = runAndCapture({Clang.str(), "--version"});
  if (!Said)
    return Said.takeError();
  SmallVector<StringRef, 2> Match;
  if (Said->Status == 0 &&
      Regex("clang version ([0-9]+[.0-9]*)").match(Said->Output, &Match))
    return Match[1].str();
  return makeError(DiagnosticCode::Unreadable,
                   "clang '" + Clang +
                       "': '--version' does not answer as clang's",
                   "name one with --clang or INLINE_HELPERS_CLANG");
}

Error inline_helpers::checkClang(StringRef Clang, StringRef Version,
                                 const RustcVersion &Rustc) {
  unsigned Major = 0;
  if (!Version.split('.').first.getAsInteger(10, Major) &&
      Major <= Rustc.LLVMMajor)
    return Error::success();
  return makeError(DiagnosticCode::NewerProducer,
                   "clang '" + Clang + "' is of version " + Version +
                       ", newer than the LLVM " + Rustc.LLVMVersion +
                       " of rustc " + Rustc.Release +
                       ", which cannot read its bitcode",
                   "install the package clang-" + Twine(Rustc.LLVMMajor) +
                       ", and name it with INLINE_HELPERS_CLANG");
}
