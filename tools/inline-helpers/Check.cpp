//===- Check.cpp - inline-helpers check -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "passes/Compatibility.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

namespace {
struct RustcVersion {
  std::string Release;     ///< "1.96.0"
  std::string LLVMVersion; ///< "22.1.8"
  unsigned LLVMMajor = 0;
};
} // namespace

static Error rustcError(StringRef Rustc, const Twine &Why) {
  return makeError(DiagnosticCode::Unreadable, "rustc '" + Rustc + "': " + Why,
                   "name one with --rustc");
}

/// Asks \p Rustc for its version and that of its LLVM.
static Expected<RustcVersion> askVersion(StringRef Rustc) {
  Expected<std::string> Program =
      findProgram("rustc", Rustc, "name one with --rustc");
  if (!Program)
    return Program.takeError();
  SmallString<128> Temporary;
  if (std::error_code EC =
          sys::fs::createTemporaryFile("inline-helpers", "txt", Temporary))
    return rustcError(Rustc, EC.message());
  FileRemover Remover(Temporary);
  StringRef Output = Temporary;
  std::optional<StringRef> Redirects[] = {StringRef(), Output, std::nullopt};
  if (sys::ExecuteAndWait(*Program, {*Program, "-vV"}, /*Env=*/std::nullopt,
                          Redirects) != 0)
    return rustcError(Rustc, "'rustc -vV' fails");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Text = MemoryBuffer::getFile(Output);
  if (!Text)
    return rustcError(Rustc, Text.getError().message());
  RustcVersion Version;
  SmallVector<StringRef, 16> Lines;
  (*Text)->getBuffer().split(Lines, '\n');
  for (StringRef Line : Lines) {
    if (Line.consume_front("release: "))
      Version.Release = Line.str();
    else if (Line.consume_front("LLVM version: "))
      Version.LLVMVersion = Line.str();
  }
  if (StringRef(Version.LLVMVersion)
          .split('.')
          .first.getAsInteger(10, Version.LLVMMajor))
    return rustcError(Rustc, "'rustc -vV' names no LLVM version");
  return Version;
}

/// Reads and verifies all of \p Library.
///
/// \returns the number of its helpers.
static Expected<unsigned> verifyLibrary(const HelperLibrary &Library) {
  unsigned Helpers = 0;
  for (Function &F : Library.module()) {
    Helpers += isHelper(F);
    if (Error E = Library.materialize(F))
      return E;
  }
  std::string Text;
  raw_string_ostream OS(Text);
  if (verifyModule(Library.module(), &OS))
    return makeError(DiagnosticCode::Damaged,
                     "library '" + Library.path() +
                         "' is not valid IR: " + StringRef(OS.str()).rtrim(),
                     "make the library with 'inline-helpers compile'");
  return Helpers;
}

Error inline_helpers::check(StringRef Path, StringRef Rustc) {
  Expected<RustcVersion> Version = askVersion(Rustc);
  if (!Version)
    return Version.takeError();
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readLibraryFile(Path);
  if (!Buffer)
    return Buffer.takeError();
  if (Error E = checkProducer(**Buffer, Version->LLVMMajor))
    return E;
  if (Version->LLVMMajor != LLVM_VERSION_MAJOR)
    return makeError(
        DiagnosticCode::NewerProducer,
        "rustc " + Version->Release + " has LLVM " + Version->LLVMVersion +
            ", and this plugin is built for LLVM " + Twine(LLVM_VERSION_MAJOR),
        "build inline-helpers with the package llvm-" +
            Twine(Version->LLVMMajor) + "-dev");
  LLVMContext Context;
  Expected<HelperLibrary> Library =
      HelperLibrary::open({Path.str(), ""}, Context);
  if (!Library)
    return Library.takeError();
  Expected<unsigned> Helpers = verifyLibrary(*Library);
  if (!Helpers)
    return Helpers.takeError();
  Expected<Producer> From = readProducer(**Buffer);
  if (!From)
    return From.takeError();
  outs() << Path << ": ok: " << *Helpers
         << (*Helpers == 1 ? " helper of " : " helpers of ") << From->Text
         << ", readable by rustc " << Version->Release << " (LLVM "
         << Version->LLVMVersion << ")\n";
  return Error::success();
}
