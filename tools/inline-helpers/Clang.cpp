//===- Clang.cpp - Which clang, and which flags ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Flags
//===----------------------------------------------------------------------===//

namespace {
/// How the text of a flag is compared.
enum class Match { Kept, Whole, Prefix, WithArgument };

struct DroppedFlag {
  Match How;
  StringLiteral Text;
  bool InObject = true; ///< Dropped for an object as well.
};

constexpr bool KeptForObject = false;
} // namespace

// Of a flag that only one compiler knows, what counts is whether it changes
// the meaning of C: none of these does.
static constexpr DroppedFlag DroppedFlags[] = {
    // Output and dependencies are this command's matter.
    {Match::Whole, "-c"},
    {Match::Whole, "-S"},
    {Match::Whole, "-E"},
    {Match::WithArgument, "-o"},
    {Match::Whole, "-emit-llvm"},
    {Match::Whole, "-M"},
    {Match::Whole, "-MM"},
    {Match::Whole, "-MD"},
    {Match::Whole, "-MMD"},
    {Match::Whole, "-MP"},
    {Match::Whole, "-MG"},
    {Match::WithArgument, "-MF"},
    {Match::WithArgument, "-MT"},
    {Match::WithArgument, "-MQ"},
    {Match::WithArgument, "-MJ"},
    {Match::Prefix, "-Wp,-M"},
    {Match::Prefix, "-save-temps"},
    {Match::Whole, "-pipe"},
    // Debug info: asksForDebugInfo decides, and paths in it are as asked for.
    {Match::Kept, "-fdebug-prefix-map"},
    {Match::Kept, "-fdebug-compilation-dir"},
    {Match::Prefix, "-gsplit-dwarf"},
    {Match::Prefix, "-g", KeptForObject},
    {Match::Prefix, "-fdebug-", KeptForObject},
    {Match::Prefix, "-femit-struct-debug"},
    {Match::Prefix, "-fvar-tracking"},
    {Match::Prefix, "-fno-var-tracking"},
    // Warnings are for who compiles the native object.
    {Match::Prefix, "-Werror", KeptForObject},
    {Match::Whole, "-pedantic-errors", KeptForObject},
    // Profiling and tracing: rustc's pipeline instruments, once.
    {Match::Whole, "-pg"},
    {Match::Whole, "-p"},
    {Match::Whole, "-mfentry"},
    {Match::Whole, "-mnop-mcount"},
    {Match::Whole, "-mrecord-mcount"},
    {Match::Prefix, "-finstrument-functions"},
    {Match::Prefix, "-fprofile"},
    {Match::Prefix, "-fno-profile"},
    {Match::Prefix, "-fauto-profile"},
    {Match::Prefix, "-fcoverage"},
    {Match::Prefix, "-ftest-coverage"},
    {Match::Prefix, "-fsanitize-coverage"},
    {Match::Whole, "--coverage"},
    {Match::Prefix, "-fxray"},
    // Link-time optimisation and code placement.
    {Match::Prefix, "-flto"},
    {Match::Prefix, "-fno-lto"},
    {Match::Prefix, "-fsplit-lto"},
    {Match::Prefix, "-fwhole-program-vtables"},
    {Match::Prefix, "-ffat-lto"},
    {Match::Whole, "-ffunction-sections", KeptForObject},
    {Match::Whole, "-fdata-sections", KeptForObject},
    // Plugins of the other compiler.
    {Match::Prefix, "-fplugin"},
    {Match::Prefix, "-fpass-plugin"},
    // Known to GCC alone: code generation and its heuristics.
    {Match::Prefix, "-falign-jumps"},
    {Match::Prefix, "-falign-labels"},
    {Match::Prefix, "-fasan-shadow-offset"},
    {Match::Whole, "-fconserve-stack"},
    {Match::Prefix, "-fcf-protection=none"},
    {Match::Prefix, "-fipa-"},
    {Match::Prefix, "-fno-ipa-"},
    {Match::Whole, "-fno-allow-store-data-races"},
    {Match::Whole, "-fno-gcse"},
    {Match::Whole, "-fno-inline-functions-called-once"},
    {Match::Whole, "-fno-partial-inlining"},
    {Match::Whole, "-fno-reorder-blocks"},
    {Match::Whole, "-fno-reorder-blocks-and-partition"},
    {Match::Whole, "-fno-tree-loop-im"},
    {Match::Whole, "-fno-guess-branch-probability"},
    {Match::Prefix, "-fmin-function-alignment"},
    {Match::Prefix, "-fsanitize=bounds-strict"},
    {Match::Prefix, "--param"},
    {Match::Prefix, "-mharden-sls"},
    {Match::Prefix, "-mindirect-branch"},
    {Match::Whole, "-mno-fp-ret-in-387"},
    {Match::Prefix, "-mpreferred-stack-boundary"},
    {Match::Prefix, "-mtune"},
};

/// Returns how many words the flag at the front of \p Flags takes if it is
/// dropped for \p Use, 0 if it is not.
static size_t countDropped(ArrayRef<std::string> Flags, FlagUse Use) {
  StringRef Flag = Flags.front();
  // GCC's "--param NAME=VALUE" and "--param=NAME=VALUE".
  if (Flag == "--param")
    return 2;
  for (const DroppedFlag &Dropped : DroppedFlags) {
    if (Use == FlagUse::Object && !Dropped.InObject)
      continue;
    switch (Dropped.How) {
    case Match::Kept:
      if (Flag.starts_with(Dropped.Text))
        return 0;
      break;
    case Match::Whole:
      if (Flag == Dropped.Text)
        return 1;
      break;
    case Match::Prefix:
      if (Flag.starts_with(Dropped.Text))
        return 1;
      break;
    case Match::WithArgument:
      if (Flag == Dropped.Text)
        return 2;
      if (Flag.starts_with(Dropped.Text))
        return 1;
      break;
    }
  }
  return 0;
}

std::vector<std::string>
inline_helpers::selectFlags(ArrayRef<std::string> Flags, FlagUse Use) {
  // An option with its argument in the next word hides that word from us.
  static constexpr StringLiteral TakesArgument[] = {"-I",
                                                    "-D",
                                                    "-U",
                                                    "-include",
                                                    "-imacros",
                                                    "-isystem",
                                                    "-iquote",
                                                    "-idirafter",
                                                    "-isysroot",
                                                    "-target",
                                                    "-Xclang",
                                                    "-mllvm",
                                                    "-x",
                                                    "-arch",
                                                    "-iprefix",
                                                    "-iwithprefix",
                                                    "-Xpreprocessor"};
  std::vector<std::string> Result;
  while (!Flags.empty()) {
    if (is_contained(TakesArgument, Flags.front()) && Flags.size() > 1) {
      Result.insert(Result.end(), Flags.begin(), Flags.begin() + 2);
      Flags = Flags.drop_front(2);
      continue;
    }
    size_t Dropped = countDropped(Flags, Use);
    if (Dropped == 0)
      Result.push_back(Flags.front());
    Flags = Flags.drop_front(std::clamp<size_t>(Dropped, 1, Flags.size()));
  }
  return Result;
}

bool inline_helpers::asksForDebugInfo(ArrayRef<std::string> Flags) {
  // -gz, -gsplit-dwarf and the like say how, and not whether.
  Regex Level("^-g(gdb|lldb|dwarf(-[2-5])?|mlt|line-tables-only|"
              "line-directives-only|full|used)?[0-3]?$");
  bool Result = false;
  for (StringRef Flag : Flags)
    if (Level.match(Flag))
      Result = !Flag.ends_with("0");
  return Result;
}

//===----------------------------------------------------------------------===//
// The compiler
//===----------------------------------------------------------------------===//

/// Returns the program in a value of $CC ("ccache clang-19") if it is clang.
static StringRef getClangOf(StringRef CC) {
  StringRef Program = CC.rtrim().rsplit(' ').second;
  if (Program.empty())
    Program = CC.rtrim();
  return sys::path::filename(Program).starts_with("clang") ? Program : "";
}

Expected<std::string>
inline_helpers::findProgram(StringRef What, StringRef Name, const Twine &Help) {
  ErrorOr<std::string> Path = sys::findProgramByName(Name);
  // A name with a folder is returned unseen.
  std::error_code EC = Path ? sys::fs::access(*Path, sys::fs::AccessMode::Exist)
                            : Path.getError();
  if (!EC)
    EC = sys::fs::access(*Path, sys::fs::AccessMode::Execute);
  if (!EC)
    return *Path;
  return makeError(DiagnosticCode::Unreadable,
                   What + " '" + Name + "': " + EC.message(), Help);
}

Expected<std::string> inline_helpers::chooseClang(StringRef Named) {
  constexpr StringLiteral Help =
      "name one with --clang or INLINE_HELPERS_CLANG";
  std::string Wanted = Named.str();
  if (Wanted.empty())
    Wanted = sys::Process::GetEnv("INLINE_HELPERS_CLANG").value_or("");
  if (Wanted.empty())
    Wanted = getClangOf(sys::Process::GetEnv("CC").value_or("")).str();
  if (!Wanted.empty())
    return findProgram("clang", Wanted, Help);
  std::string Major = utostr(LLVM_VERSION_MAJOR);
  for (const std::string &Name :
       {std::string(INLINE_HELPERS_LLVM_TOOLS_DIR "/clang"), "clang-" + Major,
        std::string("clang")}) {
    Expected<std::string> Path = findProgram("clang", Name, Help);
    if (Path)
      return Path;
    consumeError(Path.takeError());
  }
  return makeError(DiagnosticCode::Unreadable, "no clang was found",
                   "install the package clang-" + Major + ", or " + Help);
}
