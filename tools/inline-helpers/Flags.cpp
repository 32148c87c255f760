//===- Flags.cpp - inline-helpers flags -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Toolchain.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

std::string inline_helpers::getCommandPath() {
  static int Anchor;
  return sys::fs::getMainExecutable(nullptr, &Anchor);
}

Expected<std::string> inline_helpers::findPlugin() {
  std::string Name = "InlineHelpers-" + utostr(LLVM_VERSION_MAJOR) + ".so";
  std::string Command = getCommandPath();
  StringRef Prefix = sys::path::parent_path(sys::path::parent_path(Command));
  for (StringRef Folder :
       {"lib", "lib64", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"}) {
    SmallString<128> Path(Prefix);
    sys::path::append(Path, Folder, Name);
    if (!sys::fs::exists(Path))
      continue;
    // rustc splits -Z llvm-plugins at white space, LLVM's hosts at commas.
    if (StringRef(Path).find_first_of(" \t\n,'") != StringRef::npos)
      return makeError(DiagnosticCode::BadOption,
                       "rustc cannot be told the plugin's path '" + Path +
                           "': it has a space, comma or quote in it",
                       "install inline-helpers in another folder");
    return std::string(Path);
  }
  return makeError(DiagnosticCode::Unreadable,
                   "the plugin " + Name + " is not beside this command, in " +
                       Prefix + "/lib",
                   "install or build inline-helpers whole");
}

static std::string getPass(const Twine &Library, StringRef Digest,
                           StringRef Parameters) {
  std::string Pass = ("-Cpasses=" + PassName + "<library=" + Library).str();
  if (!Digest.empty())
    Pass += ";sha256=" + Digest.str();
  if (!Parameters.empty())
    Pass += ";" + Parameters.str();
  return Pass + ">";
}

Expected<std::string> inline_helpers::encodePath(StringRef Path) {
  SmallString<128> Absolute(Path);
  if (std::error_code EC = sys::fs::make_absolute(Absolute))
    return errorCodeToError(EC);
  return percentEncode(Absolute);
}

/// Prints \p Words: as they are for `$(...)`, which a shell splits at spaces
/// and leaves alone otherwise, or quoted for a person to paste.
static void printWords(ArrayRef<std::string> Words) {
  bool Quote = sys::Process::StandardOutIsDisplayed();
  for (const std::string &Word : Words) {
    StringRef Mark = "";
    if (Quote && StringRef(Word).find_first_of("<>;'") != StringRef::npos)
      Mark = StringRef(Word).contains('\'') ? "\"" : "'";
    outs() << Mark;
    for (char C : Word)
      outs() << (Mark == "\"" && C == '$' ? "\\" : "") << C;
    outs() << Mark << (&Word == &Words.back() ? '\n' : ' ');
  }
}

Error inline_helpers::printFlags(StringRef Library, StringRef Parameters) {
  Expected<std::string> Plugin = findPlugin();
  if (!Plugin)
    return Plugin.takeError();
  // What is wrong with a library is told here, before any rustc runs. Of an
  // archive the index knows what is asked.
  LLVMContext Context;
  LibraryFiles Files;
  Expected<HelperLibrary> Opened = HelperLibrary::open(
      {Library.str(), ""}, Context, Files, /*Wanted=*/ArrayRef<StringRef>());
  if (!Opened)
    return Opened.takeError();
  if (Parameters.contains("debug-info=lines") &&
      !Opened->module().getNamedMetadata("llvm.dbg.cu"))
    WithColor::warning() << "library '" << Library
                         << "' has no line tables\nhelp: compile it with -g "
                            "among the C flags\n";
  Expected<std::string> Path = encodePath(Library);
  if (!Path)
    return Path.takeError();
  printWords({"-Zllvm-plugins=" + *Plugin,
              getPass(*Path, Opened->digest(), Parameters)});
  return Error::success();
}

Expected<std::vector<Assignment>>
inline_helpers::getKernelAssignments(StringRef Parameters) {
  Expected<std::string> Plugin = findPlugin();
  if (!Plugin)
    return Plugin.takeError();
  // make and a shell read these.
  std::string Bindgen = getCommandPath() + "-bindgen";
  for (StringRef Path : {StringRef(Bindgen), StringRef(*Plugin)})
    if (Path.find_first_of(" \t\n\"'`$&;|<>()[]{}*?#!~\\") != StringRef::npos)
      return makeError(DiagnosticCode::BadOption,
                       "make cannot be told the path '" + Path +
                           "': it has a space in it, or what a shell "
                           "takes for more than a character",
                       "install inline-helpers in another folder");
  // Recipes put RUSTFLAGS_* before a shell, which takes the quotes away.
  // KRUSTFLAGS is read by rust_is_available.sh as well, which does not. For a
  // module out of tree rustc runs in its folder since Linux 6.13: there
  // $(objtree), which make expands, is another one.
  auto GetPass = [&](StringRef Library) {
    return "'" + getPass("$(objtree)/" + Library, /*Digest=*/"", Parameters) +
           "'";
  };
  return std::vector<Assignment>{
      {"BINDGEN", Bindgen},
      {"KRUSTFLAGS", "-Zllvm-plugins=" + *Plugin},
      {"RUSTFLAGS_KERNEL", GetPass("rust/helpers.bc")},
      {"RUSTFLAGS_MODULE", GetPass("rust/helpers_module.bc")}};
}

Error inline_helpers::printKernelFlags(StringRef Parameters) {
  Expected<std::vector<Assignment>> Assignments =
      getKernelAssignments(Parameters);
  if (!Assignments)
    return Assignments.takeError();
  std::vector<std::string> Words;
  for (const Assignment &A : *Assignments)
    Words.push_back((A.Name + "=" + A.Value).str());
  printWords(Words);
  return Error::success();
}
