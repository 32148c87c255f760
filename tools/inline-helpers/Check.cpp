//===- Check.cpp - inline-helpers check -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Toolchain.h"
#include "passes/Compatibility.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

/// Asks \p Rustc for its version and that of its LLVM.
static Expected<RustcVersion> askVersion(StringRef Rustc) {
  constexpr StringLiteral Help = "name one with --rustc";
  Expected<std::string> Program = findProgram("rustc", Rustc, Help);
  if (!Program)
    return Program.takeError();
  Expected<ProgramOutput> Said = runAndCapture({*Program, "-vV"});
  if (!Said)
    return Said.takeError();
  if (Said->Status != 0)
    return makeError(DiagnosticCode::Unreadable,
                     "rustc '" + Rustc + "': 'rustc -vV' fails", Help);
  return parseRustcVersion(Said->Output, Rustc, Help);
}

/// Says that this plugin cannot be loaded by the rustc of \p Version.
static Error otherLLVM(const RustcVersion &Version) {
  return makeError(
      DiagnosticCode::NewerProducer,
      "rustc " + Version.Release + " has LLVM " + Version.LLVMVersion +
          ", and this plugin is built for LLVM " + Twine(LLVM_VERSION_MAJOR),
      "build inline-helpers with the package llvm-" + Twine(Version.LLVMMajor) +
          "-dev, or use inline-helpers-" + Twine(Version.LLVMMajor) +
          " of the package of that name");
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
