//===- KernelCheck.cpp - inline-helpers kernel-check ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a kernel built by GCC the helpers to inline are compiled by clang
// (Bindgen.cpp). This says whether that clang agrees with GCC: on the options
// of the kernel, and on the layout of every type of the helpers' headers.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Toolchain.h"
#include "TypeLayout.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/VersionTuple.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

// These are written by a build, below the folder of the objects.
static constexpr StringLiteral Configuration = "include/config/auto.conf";
static constexpr StringLiteral ObjectCommand = "rust/helpers/.helpers.o.cmd";
static constexpr StringLiteral BindgenCommand =
    "rust/bindings/.bindings_helpers_generated.rs.cmd";

//===----------------------------------------------------------------------===//
// Options of the kernel
//===----------------------------------------------------------------------===//

namespace {
enum class Verdict { Same, Safe, Refused };

struct KernelOption {
  Verdict Says;
  StringLiteral Symbol;
  unsigned ClangBefore; ///< Only for an older clang; 0: for each.
  StringLiteral Reason;
};

/// The options of a kernel that are set, without CONFIG_.
using KernelConfig = StringMap<std::string>;
} // namespace

static constexpr KernelOption KernelOptions[] = {
#define KERNEL_OPTION(Says, Symbol, ClangBefore, Reason)                       \
  {Verdict::Says, Symbol, ClangBefore, Reason},
#include "KernelOptions.def"
};

static Error notAKernel(StringRef Tree, StringRef File, StringRef Help) {
  return makeError(DiagnosticCode::Unreadable, "'" + Tree + "' has no " + File,
                   Help);
}

static Expected<KernelConfig> readConfig(StringRef Tree) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Text =
      MemoryBuffer::getFile(Configuration);
  if (!Text)
    return sys::fs::exists(".config")
               ? notAKernel(Tree, Configuration,
                            "run 'make prepare' with the assignments of the "
                            "build")
               : notAKernel(Tree, ".config",
                            "name the folder of a kernel's objects: that of "
                            "O=, else of its source");
  KernelConfig Config;
  for (line_iterator Line(**Text, /*SkipBlanks=*/true, '#'); !Line.is_at_eof();
       ++Line) {
    auto [Name, Value] = Line->split('=');
    if (Name.consume_front("CONFIG_"))
      Config[Name] = Value.trim('"').str();
  }
  if (!Config.count("RUST"))
    return makeError(DiagnosticCode::BadOption,
                     "the kernel in '" + Tree + "' is without Rust",
                     "set CONFIG_RUST; 'make rustavailable' says what it "
                     "needs");
  return Config;
}

/// Returns the row that says what \p Symbol is to a clang of \p Version.
static const KernelOption &getRow(StringRef Symbol, unsigned Version) {
  return *find_if(KernelOptions, [&](const KernelOption &Row) {
    return Row.Symbol == Symbol &&
           (!Row.ClangBefore || Version < Row.ClangBefore);
  });
}

/// Prints what the options of \p Config are to helpers that a clang of
/// \p ClangVersion compiles.
///
/// \returns those that forbid it.
static std::vector<std::string> judgeOptions(const KernelConfig &Config,
                                             unsigned ClangVersion) {
  std::vector<std::string> Same, Refused;
  std::vector<std::vector<std::string>> Rows;
  StringMap<bool> Seen;
  for (const KernelOption &Option : KernelOptions) {
    if (!Seen.try_emplace(Option.Symbol, true).second ||
        !Config.count(Option.Symbol))
      continue;
    const KernelOption &Row = getRow(Option.Symbol, ClangVersion);
    if (Row.Says == Verdict::Same) {
      Same.push_back(Row.Symbol.str());
      continue;
    }
    if (Row.Says == Verdict::Refused)
      Refused.push_back(Row.Symbol.str());
    Rows.push_back({Row.Says == Verdict::Safe ? "  safe" : "  REFUSED",
                    Row.Symbol.str(), Row.Reason.str()});
  }
  outs() << "options: " << Seen.size() << " depend on the compiler, "
         << Rows.size() + Same.size() << " of them are set\n";
  if (!Same.empty())
    outs() << "  the same to both: " << join(Same, ", ") << '\n';
  if (!Rows.empty())
    printTable(outs(), Rows);
  return Refused;
}

//===----------------------------------------------------------------------===//
// Compilers
//===----------------------------------------------------------------------===//

/// Returns the words of the command that kbuild recorded in \p File, up to the
/// shell's next command.
static Expected<std::vector<std::string>> readCommand(StringRef Tree,
                                                      StringRef File) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Text = MemoryBuffer::getFile(File);
  if (!Text)
    return notAKernel(Tree, File,
                      "run 'make prepare' with the assignments of the build; "
                      "Linux 6.12 is the first that has it");
  // "savedcmd_TARGET := COMMAND", with make's $$ and $(pound) for $ and #
  // (scripts/Kbuild.include, make-cmd).
  StringRef Line = (*Text)->getBuffer().split('\n').first.split(":= ").second;
  std::string Command;
  while (!Line.empty()) {
    if (Line.consume_front("$(pound)")) {
      Command += '#';
      continue;
    }
    Line.consume_front("$");
    Command += Line.take_front().str();
    Line = Line.drop_front(Line.empty() ? 0 : 1);
  }
  BumpPtrAllocator Allocator;
  StringSaver Saver(Allocator);
  SmallVector<const char *, 256> Words;
  cl::TokenizeGNUCommandLine(Command, Saver, Words);
  std::vector<std::string> Result;
  for (StringRef Word : Words) {
    if (Word == ";")
      break;
    Result.push_back(Word.str());
  }
  if (Result.empty())
    return makeError(DiagnosticCode::Unreadable,
                     "'" + Tree + "': there is no command in " + File,
                     "remove that file and run 'make prepare'");
  return Result;
}

/// Runs \p Command, which compiles the helpers, with debug info of all types
/// that the file declares.
///
/// \returns the types.
static Expected<ObjectTypes> compileTypes(std::vector<std::string> Command) {
  Expected<std::string> Program =
      findProgram("compiler", Command.front(),
                  "install the compiler that built the kernel");
  if (!Program)
    return Program.takeError();
  Expected<SmallString<128>> Object = makeTemporaryFile("o");
  if (!Object)
    return Object.takeError();
  FileRemover Remover(*Object);
  // DWARF 5 is what both know; LLVM's default for one target may be older.
  for (StringRef Word :
       {StringRef("-w"), StringRef("-g"), StringRef("-gdwarf-5"),
        StringRef("-fno-eliminate-unused-debug-types"), StringRef("-c"),
        StringRef("-o"), StringRef(*Object)})
    Command.push_back(Word.str());
  std::vector<StringRef> Words(Command.begin(), Command.end());
  std::string Message;
  if (sys::ExecuteAndWait(*Program, Words, /*Env=*/std::nullopt,
                          /*Redirects=*/{}, /*SecondsToWait=*/0,
                          /*MemoryLimit=*/0, &Message) != 0)
    return makeError(DiagnosticCode::Unreadable,
                     "'" + Command.front() + "' cannot compile the helpers" +
                         (Message.empty() ? "" : ": " + Message),
                     "what it says stands above");
  return readTypes(*Object);
}

/// Compiles the helpers as the kernel's build does.
static Expected<ObjectTypes> compileByKernel(ArrayRef<std::string> Recorded) {
  // "gcc", or "ccache gcc".
  auto Flag =
      find_if(Recorded, [](StringRef Word) { return Word.starts_with("-"); });
  std::vector<std::string> Command(Recorded.begin(), Flag);
  ArrayRef<std::string> Flags(Flag, Recorded.end());
  append_range(Command, selectFlags(Flags));
  // A plugin may order members.
  for (const std::string &Word : Flags)
    if (StringRef(Word).starts_with("-fplugin"))
      Command.push_back(Word);
  return compileTypes(std::move(Command));
}

/// Compiles the helpers as inline-helpers-bindgen does.
static Expected<ObjectTypes> compileByClang(StringRef Tree, StringRef Clang,
                                            ArrayRef<std::string> Recorded) {
  auto Split = find(Recorded, "--");
  StringRef Source =
      findHelperSource(ArrayRef<std::string>(Recorded.begin(), Split));
  if (Source.empty() || Split == Recorded.end())
    return makeError(DiagnosticCode::Unreadable,
                     "'" + Tree + "': " + BindgenCommand +
                         " is no call of bindgen on rust/helpers/helpers.c",
                     "remove that file and run 'make prepare'");
  std::vector<std::string> Command = {Clang.str()};
  append_range(Command, selectFlags(getHelperFlags(ArrayRef<std::string>(
                            std::next(Split), Recorded.end()))));
  Command.push_back("-Qunused-arguments");
  Command.push_back(Source.str());
  return compileTypes(std::move(Command));
}

/// Returns "22.1.8" of "Debian clang version 22.1.8 (++2026…)", or "12.2.0" of
/// "GNU C11 12.2.0 -mno-sse …".
static std::string getVersion(StringRef Producer) {
  StringRef Rest = Producer.contains("clang version ")
                       ? Producer.split("clang version ").second
                       : Producer.split("GNU C").second.split(' ').second;
  return Rest.take_while([](char C) { return isDigit(C) || C == '.'; }).str();
}

/// Returns \p Version as Kconfig does: 22.1.8 is 220108.
static unsigned getNumber(StringRef Version) {
  VersionTuple Tuple;
  Tuple.tryParse(Version);
  return Tuple.getMajor() * 10000 + Tuple.getMinor().value_or(0) * 100 +
         Tuple.getSubminor().value_or(0);
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

/// Prints what differs between the types that \p Kernel's compiler and clang
/// made.
///
/// \returns an error if there was nothing to compare.
static Expected<LayoutComparison> judgeTypes(const ObjectTypes &Kernel,
                                             const ObjectTypes &Clang) {
  LayoutComparison Result = compareTypes(Kernel, Clang);
  if (Result.Members == 0)
    return makeError(DiagnosticCode::Damaged,
                     "the helpers declare no type to compare",
                     "see that rust/helpers/helpers.c is the kernel's");
  outs() << "types: " << Result.Types << " with " << Result.Members
         << " members compared";
  if (Result.OnlyOne)
    outs() << " (" << Result.OnlyOne
           << " more are declared for one compiler alone)";
  if (Result.Differences.empty()) {
    outs() << ": the same sizes, offsets and values\n";
    return Result;
  }
  outs() << ": " << Result.Differences.size() << " differ\n";
  // A screenful tells what is wrong.
  constexpr size_t Shown = 20;
  std::vector<std::vector<std::string>> Rows = {
      {"  TYPE", "MEMBER", "KERNEL", "CLANG"}};
  for (const LayoutDifference &D :
       ArrayRef<LayoutDifference>(Result.Differences).take_front(Shown))
    Rows.push_back({"  " + D.Type, D.Member.empty() ? "-" : D.Member,
                    D.First.empty() ? "absent" : D.First,
                    D.Second.empty() ? "absent" : D.Second});
  printTable(outs(), Rows);
  if (Result.Differences.size() > Shown)
    outs() << "  and " << Result.Differences.size() - Shown << " more\n";
  return Result;
}

Error inline_helpers::checkKernel(StringRef Tree, StringRef Clang) {
  Expected<std::string> ClangPath = chooseClang(Clang);
  if (!ClangPath)
    return ClangPath.takeError();
  // The recorded commands run in the folder of the objects.
  SmallString<128> Program(*ClangPath);
  if (std::error_code EC = sys::fs::make_absolute(Program))
    return errorCodeToError(EC);
  if (std::error_code EC = sys::fs::set_current_path(Tree))
    return makeError(DiagnosticCode::Unreadable,
                     "'" + Tree + "': " + EC.message(),
                     "name the folder of a kernel's objects");
  Expected<KernelConfig> Config = readConfig(Tree);
  if (!Config)
    return Config.takeError();
  Expected<std::vector<std::string>> Object = readCommand(Tree, ObjectCommand);
  if (!Object)
    return Object.takeError();
  Expected<std::vector<std::string>> Bindgen =
      readCommand(Tree, BindgenCommand);
  if (!Bindgen)
    return Bindgen.takeError();

  Expected<ObjectTypes> ByClang = compileByClang(Tree, Program, *Bindgen);
  if (!ByClang)
    return ByClang.takeError();
  std::string Version = getVersion(ByClang->Producer);
  outs() << "kernel: " << Config->lookup("CC_VERSION_TEXT")
         << "\nhelpers: " << ByClang->Producer << '\n';
  std::vector<std::string> Refused;
  if (Config->count("CC_IS_GCC"))
    Refused = judgeOptions(*Config, getNumber(Version));
  else
    outs() << "options: one compiler built both: nothing to compare beyond "
              "versions\n";
  outs().flush();

  Expected<ObjectTypes> ByKernel = compileByKernel(*Object);
  if (!ByKernel)
    return ByKernel.takeError();
  std::string KernelVersion = getVersion(ByKernel->Producer);
  if (!StringRef(Config->lookup("CC_VERSION_TEXT")).contains(KernelVersion))
    WithColor::warning() << "the kernel's compiler is now " << KernelVersion
                         << ": the layout of that is compared\n";
  Expected<LayoutComparison> Layout = judgeTypes(*ByKernel, *ByClang);
  if (!Layout)
    return Layout.takeError();
  outs().flush();

  if (!Refused.empty())
    return makeError(
        DiagnosticCode::OtherTarget,
        "helpers by clang " + Version +
            " do not fit this kernel: " + join(Refused, ", "),
        "switch that off, or build the kernel with clang (LLVM=1)");
  if (!Layout->Differences.empty())
    return makeError(DiagnosticCode::OtherTarget,
                     "helpers by clang " + Version +
                         " do not fit this kernel: types differ",
                     "build the kernel with clang (LLVM=1), or name another "
                     "clang with --clang");
  outs() << "ok: helpers by clang " << Version << " fit this kernel\n";
  return Error::success();
}
