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

/// Says that this plugin cannot be loaded by the rustc of \p Version.
static Error otherLLVM(const RustcVersion &Version) {
  return makeError(
      DiagnosticCode::NewerProducer,
      "rustc " + Version.Release + " has LLVM " + Version.LLVMVersion +
          ", and this plugin is built for LLVM " + Twine(LLVM_VERSION_MAJOR),
      "use inline-helpers-" + Twine(Version.LLVMMajor) +
          " (the package of that name), or build inline-helpers with llvm-" +
          Twine(Version.LLVMMajor) + "-dev");
}

Error inline_helpers::check(StringRef Path, StringRef Rustc) {
  Expected<RustcVersion> Version = askVersion(Rustc);
  if (!Version)
    return Version.takeError();
  if (Version->LLVMMajor > LLVM_VERSION_MAJOR)
    return otherLLVM(*Version);
  Expected<LibraryFile> File = readLibrary({Path.str(), ""});
  if (!File)
    return File.takeError();
  Expected<Producer> From = readProducer(File->Written);
  if (!From)
    return From.takeError();
  // rustc gives the numbers of its LLVM alone.
  Producer Host = parseProducer("LLVM" + Version->LLVMVersion);
  if (Error E = checkProducer(Path, *From, Host))
    return E;
  if (Version->LLVMMajor != LLVM_VERSION_MAJOR)
    return otherLLVM(*Version);
  LLVMContext Context;
  Expected<HelperLibrary> Library =
      HelperLibrary::parse(std::move(*File), Context);
  if (!Library)
    return Library.takeError();
  if (Error E = Library->verify())
    return E;
  unsigned Helpers = count_if(Library->module(), isHelper);
  auto Kind = [](const Producer &P) {
    return P.IsSnapshot ? ", a development snapshot" : "";
  };
  outs() << Path << ": ok: " << Helpers
         << (Helpers == 1 ? " helper of " : " helpers of ") << From->Text
         << Kind(*From) << ", readable by rustc " << Version->Release
         << " (LLVM " << Version->LLVMVersion << Kind(Host) << ")\n";
  return Error::success();
}
