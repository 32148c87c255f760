//===- Bindgen.cpp - inline-helpers-bindgen -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel's build calls bindgen on rust/helpers/helpers.c with exactly the C
// flags of the configuration, in clang's dialect even where GCC builds the
// kernel, and before it compiles any crate that calls a helper (rust/Makefile,
// bindings_helpers_generated.rs). Where BINDGEN names this program, that call
// makes the helpers' bitcode too.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include <unistd.h>

using namespace llvm;
using namespace inline_helpers;

StringRef inline_helpers::findHelperSource(ArrayRef<std::string> Args) {
  for (StringRef Arg : Args)
    if (Arg == "rust/helpers/helpers.c" ||
        Arg.ends_with("/rust/helpers/helpers.c"))
      return Arg;
  return "";
}

static StringRef findOutput(ArrayRef<std::string> Args) {
  for (size_t I = 0; I + 1 < Args.size(); ++I)
    if (Args[I] == "-o" || Args[I] == "--output")
      return Args[I + 1];
  return "";
}

std::vector<std::string>
inline_helpers::getHelperFlags(ArrayRef<std::string> Flags) {
  std::vector<std::string> Result;
  for (const std::string &Flag : Flags)
    if (Flag != "-D__BINDGEN__" && Flag != "-DMODULE")
      // kbuild names the bindings' file here.
      Result.push_back(StringRef(Flag).starts_with("-DKBUILD_BASENAME=")
                           ? "-DKBUILD_BASENAME=\"helpers\""
                           : Flag);
  // The kernel appends its -fno-builtin; one of the architecture stays.
  auto Last = std::find(Result.rbegin(), Result.rend(), "-fno-builtin");
  if (Last != Result.rend())
    Result.erase(std::next(Last).base());
  return Result;
}

/// Adds to \p Flags the sanitizers of a kernel object, which a call of bindgen
/// lacks: a body has to say whether it is to be checked (sanitize_address), and
/// which one is not (__no_sanitize_address).
///
/// scripts/Makefile.{kasan,kcsan,kmsan,ubsan} export these variables where the
/// configuration has the sanitizer; scripts/Makefile.lib adds them to the flags
/// of objects. Their other words tune the instrumentation, which is rustc's.
static void addSanitizers(std::vector<std::string> &Flags) {
  for (StringRef Variable :
       {"CFLAGS_KASAN", "CFLAGS_KCSAN", "CFLAGS_KMSAN", "CFLAGS_UBSAN",
        "CFLAGS_UBSAN_SIGNED_WRAP", "CFLAGS_UBSAN_INTEGER_WRAP"}) {
    std::string Value = sys::Process::GetEnv(Variable).value_or("");
    SmallVector<StringRef, 8> Words;
    SplitString(Value, Words);
    for (StringRef Word : Words)
      if (Word.starts_with("-fsanitize"))
        Flags.push_back(Word.str());
  }
}

static Error compileHelpers(StringRef Source, StringRef Bindings,
                            std::vector<std::string> Flags) {
  // rust/bindings/bindings_helpers_generated.rs gives rust/.
  StringRef Folder = sys::path::parent_path(sys::path::parent_path(Bindings));
  CompileJob Job;
  Job.Sources = {Source.str()};
  Job.Flags = std::move(Flags);
  addSanitizers(Job.Flags);
  for (bool Module : {false, true}) {
    SmallString<128> Output(Folder);
    sys::path::append(Output, Module ? "helpers_module.bc" : "helpers.bc");
    Job.Output = std::string(Output);
    if (Module)
      Job.Flags.push_back("-DMODULE");
    if (Error E = compile(Job))
      return E;
  }
  return Error::success();
}

static Expected<std::string> findBindgen() {
  constexpr StringLiteral Help =
      "install it (cargo install bindgen-cli), or name it with "
      "INLINE_HELPERS_BINDGEN";
  std::string Name =
      sys::Process::GetEnv("INLINE_HELPERS_BINDGEN").value_or("bindgen");
  Expected<std::string> Path = findProgram("bindgen", Name, Help);
  if (Path && sys::fs::equivalent(*Path, getCommandPath()))
    return makeError(DiagnosticCode::BadOption,
                     "bindgen '" + Name + "' is inline-helpers-bindgen itself",
                     Help);
  return Path;
}

Error inline_helpers::runBindgen(ArrayRef<std::string> Args) {
  Expected<std::string> Bindgen = findBindgen();
  if (!Bindgen)
    return Bindgen.takeError();
  // The bitcode comes first: where it fails there are no bindings either, and
  // the next build tries again.
  auto Split = std::find(Args.begin(), Args.end(), "--");
  ArrayRef<std::string> Options(Args.begin(), Split);
  StringRef Source = findHelperSource(Options);
  StringRef Output = findOutput(Options);
  if (!Source.empty() && !Output.empty() && Split != Args.end())
    if (Error E = compileHelpers(
            Source, Output,
            getHelperFlags(ArrayRef<std::string>(Split + 1, Args.end()))))
      return E;
  std::vector<char *> Argv = {Bindgen->data()};
  for (const std::string &Arg : Args)
    Argv.push_back(const_cast<char *>(Arg.c_str()));
  Argv.push_back(nullptr);
  execv(Bindgen->c_str(), Argv.data());
  return makeError(DiagnosticCode::Unreadable,
                   "bindgen '" + *Bindgen +
                       "': " + errnoAsErrorCode().message(),
                   "name it with INLINE_HELPERS_BINDGEN");
}
