//===- Main.cpp - The inline-helpers command ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

static cl::OptionCategory Category("Options");

static cl::SubCommand CompileCommand("compile",
                                     "Compile C helpers to helper bitcode");
static cl::SubCommand ListCommand("list", "List the helpers of a library");
static cl::SubCommand CheckCommand("check",
                                   "Say whether a rustc can read a library");
static cl::SubCommand FlagsCommand("flags",
                                   "Print the flags that import a library");

static cl::list<std::string> Sources(cl::Positional, cl::desc("SOURCE..."),
                                     cl::sub(CompileCommand),
                                     cl::cat(Category));
static cl::opt<std::string> Output("o", cl::desc("The bitcode file to write"),
                                   cl::value_desc("FILE"),
                                   cl::sub(CompileCommand), cl::cat(Category));
static cl::opt<std::string>
    Clang("clang",
          cl::desc("The clang to compile with (default: $INLINE_HELPERS_CLANG, "
                   "$CC if it is a clang, clang " LLVM_VERSION_STRING ")"),
          cl::value_desc("PATH"), cl::sub(CompileCommand), cl::cat(Category));
static cl::opt<bool> Verbose("verbose",
                             cl::desc("Print the clang commands that run"),
                             cl::sub(CompileCommand), cl::cat(Category));

static cl::opt<std::string> Library(cl::Positional, cl::desc("LIBRARY"),
                                    cl::sub(ListCommand), cl::sub(CheckCommand),
                                    cl::sub(FlagsCommand), cl::cat(Category));
static cl::opt<std::string> Rustc("rustc",
                                  cl::desc("The rustc to ask (default: rustc)"),
                                  cl::value_desc("PATH"), cl::init("rustc"),
                                  cl::sub(CheckCommand), cl::cat(Category));
static cl::opt<bool>
    Kernel("kernel", cl::desc("Print make assignments for a kernel build"),
           cl::sub(FlagsCommand), cl::cat(Category));
static cl::opt<std::string>
    Leftover("leftover", cl::desc("What a wanted helper that stays a call is"),
             cl::value_desc("allow|warn|error"), cl::sub(FlagsCommand),
             cl::cat(Category));

namespace {
struct CommandHelp {
  cl::SubCommand *Command;
  StringLiteral Name;
  StringLiteral Text;
};
} // namespace

static const CommandHelp Commands[] = {
    {&CompileCommand, "compile", R"(
C flags follow '--'; those of GCC are understood too. What only code generation,
debug info or instrumentation needs is left out.

EXAMPLES:
  inline-helpers compile -o helpers.bc helpers.c -- -O2 -Iinclude
  inline-helpers compile --clang=clang-19 -o all.bc a.c b.c -- $(CFLAGS)
)"},
    {&ListCommand, "list", R"(
EXAMPLES:
  inline-helpers list helpers.bc
)"},
    {&CheckCommand, "check", R"(
Prints one line. The exit status is 0 if the library can be read, else 1.

EXAMPLES:
  inline-helpers check helpers.bc
  inline-helpers check helpers.bc --rustc=/usr/bin/rustc
)"},
    {&FlagsCommand, "flags", R"(
On a terminal the flags are quoted, to be pasted; elsewhere they are words for
$(...). A rustc of the stable channel takes -Z with RUSTC_BOOTSTRAP=1.

EXAMPLES:
  rustc $(inline-helpers flags helpers.bc) -Clink-arg=helpers.o main.rs
  inline-helpers flags helpers.bc --leftover=error
  make $(inline-helpers flags --kernel) LLVM=1
)"},
};

static constexpr StringLiteral GeneralHelp = R"(
EXAMPLES:
  inline-helpers compile -o helpers.bc helpers.c -- -O2
  inline-helpers check helpers.bc
  rustc $(inline-helpers flags helpers.bc) -Clink-arg=helpers.o main.rs
  make $(inline-helpers flags --kernel) LLVM=1

'inline-helpers COMMAND --help' tells more of a command.
)";

static void printVersion(raw_ostream &OS) {
  OS << "inline-helpers " INLINE_HELPERS_VERSION " (LLVM " LLVM_VERSION_STRING
        ")\n";
}

/// Prints an error and its cure, and returns the exit status. `check` promises
/// one line.
static int fail(Error E, int Status = 1) {
  StringRef Separator = CheckCommand ? "; " : "\n";
  handleAllErrors(
      std::move(E),
      [&](const HelperError &Info) {
        WithColor::error() << Info.what();
        if (!Info.help().empty())
          errs() << Separator << "help: " << Info.help();
        errs() << '\n';
      },
      [](const ErrorInfoBase &Info) {
        WithColor::error() << Info.message() << '\n';
      });
  return Status;
}

static int failUsage(const Twine &What, const Twine &Help) {
  return fail(makeError(DiagnosticCode::BadOption, What, Help), 2);
}

/// Returns the names of the commands, for an error.
static std::string listCommands() {
  std::vector<std::string> Names;
  for (const CommandHelp &Command : Commands)
    Names.push_back(Command.Name.str());
  return join(Names, ", ");
}

/// Returns the options of \p Command that are ours, for an error.
static std::string listOptions(cl::SubCommand &Command) {
  std::vector<std::string> Names = {"--help"};
  for (auto &[Name, Option] : cl::getRegisteredOptions(Command))
    if (is_contained(Option->Categories, &Category))
      Names.push_back((Name.size() == 1 ? "-" : "--") + Name.str());
  llvm::sort(Names);
  return join(Names, ", ");
}

/// Runs the command that was chosen; \p Flags stood behind `--`.
static Error run(std::vector<std::string> Flags) {
  if (CompileCommand) {
    CompileJob Job;
    Job.Sources = Sources;
    Job.Output = Output;
    Job.Clang = Clang;
    Job.Flags = std::move(Flags);
    Job.Verbose = Verbose;
    return compile(Job);
  }
  if (FlagsCommand) {
    if (!Leftover.empty())
      if (Expected<Options> Parsed =
              parseOptions("leftover=" + Leftover, "--leftover");
          !Parsed)
        return Parsed.takeError();
    if (Kernel)
      return printKernelFlags(Leftover);
    return printFlags(Library, Leftover);
  }
  if (CheckCommand)
    return check(Library, Rustc);
  return list(Library);
}

int main(int Argc, char **Argv) {
  InitLLVM X(Argc, Argv);
  ArrayRef<char *> Given(Argv + 1, Argv + Argc);

  if (sys::path::filename(Argv[0]) == "inline-helpers-bindgen")
    return fail(
        runBindgen(std::vector<std::string>(Given.begin(), Given.end())));

  // C flags are not ours to parse.
  auto Split = std::find_if(Given.begin(), Given.end(),
                            [](StringRef Arg) { return Arg == "--"; });
  std::vector<std::string> Flags;
  if (Split != Given.end())
    Flags.assign(Split + 1, Given.end());
  Argc = Split - Given.begin() + 1;

  if (Argc < 2)
    return failUsage("no command is given",
                     "the commands are " + listCommands() +
                         "; see 'inline-helpers --help'");
  StringRef First = Argv[1];
  const CommandHelp *Command =
      find_if(Commands, [&](const CommandHelp &C) { return C.Name == First; });
  bool HasCommand = Command != std::end(Commands);
  if (!HasCommand && !First.starts_with("-"))
    return failUsage("there is no command '" + First + "'",
                     "the commands are " + listCommands());
  if (Split != Given.end() && (!HasCommand || First != "compile"))
    return failUsage("'--' belongs to compile alone",
                     "see 'inline-helpers --help'");

  cl::SubCommand &Sub =
      HasCommand ? *Command->Command : cl::SubCommand::getTopLevel();
  cl::HideUnrelatedOptions(Category);
  for (const CommandHelp &C : Commands)
    cl::HideUnrelatedOptions(Category, *C.Command);
  cl::SetVersionPrinter(printVersion);
  cl::extrahelp Help(HasCommand ? Command->Text : GeneralHelp);
  std::string Name = "inline-helpers";
  if (HasCommand)
    Name += " " + First.str();
  std::string Errors;
  raw_string_ostream ErrorStream(Errors);
  if (!cl::ParseCommandLineOptions(
          Argc, Argv, "Inlines C helpers into Rust within one rustc call\n",
          &ErrorStream)) {
    StringRef What = StringRef(ErrorStream.str()).split('\n').first;
    What.consume_front(sys::path::filename(Argv[0]));
    What.consume_front(": ");
    return failUsage(What.split("  Try: ").first,
                     "the options of '" + Name + "' are " + listOptions(Sub) +
                         "; see '" + Name + " --help'");
  }
  if (!HasCommand)
    return failUsage("no command is given",
                     "the commands are " + listCommands());
  bool WantsLibrary = !CompileCommand && !(FlagsCommand && Kernel);
  if ((CompileCommand && Sources.empty()) || (WantsLibrary && Library.empty()))
    return failUsage(CompileCommand ? "no C file is given"
                                    : "no library is given",
                     "see '" + Name + " --help'");
  if (CompileCommand && Output.empty())
    return failUsage("no file to write is given",
                     "name it with -o; see 'inline-helpers compile --help'");
  if (FlagsCommand && Kernel && !Library.empty())
    return failUsage("'--kernel' takes no library: the build makes its own",
                     "see 'inline-helpers flags --help'");
  if (Error E = run(std::move(Flags)))
    return fail(std::move(E));
  return 0;
}
