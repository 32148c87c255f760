//===- Main.cpp - The inline-helpers command ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Generate.h"
#include "passes/Diagnostics.h"
#include "passes/OutsideReader.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>

using namespace llvm;
using namespace inline_helpers;

static cl::OptionCategory Category("Options");

static cl::SubCommand CompileCommand("compile",
                                     "Compile C helpers to helper bitcode");
static cl::SubCommand
    PackCommand("pack", "Make an archive that is read helper by helper");
static cl::SubCommand ListCommand("list", "List the helpers of a library");
static cl::SubCommand CheckCommand("check",
                                   "Say whether a rustc can read a library");
static cl::SubCommand FlagsCommand("flags",
                                   "Print the flags that import libraries");
static cl::SubCommand KernelCommand("kernel",
                                    "Build a kernel with helpers inlined");
static cl::SubCommand
    CargoCommand("cargo", "Build a cargo package with helpers inlined");
static cl::SubCommand DoctorCommand("doctor",
                                    "Say what is missing to build with cargo");
static cl::SubCommand
    KernelCheckCommand("kernel-check",
                       "Say whether helpers by clang fit a kernel");
static cl::SubCommand
    KernelHeadersCommand("kernel-headers",
                         "List what modules out of tree need of a kernel");
static cl::SubCommand ReportCommand("report",
                                    "Show what became of each helper");
static cl::SubCommand ExplainCommand("explain",
                                     "Explain why a helper stays a call");

static cl::list<std::string> Sources(cl::Positional, cl::desc("SOURCE..."),
                                     cl::sub(CompileCommand),
                                     cl::sub(PackCommand), cl::cat(Category));
static cl::opt<std::string> Output("o", cl::desc("The library to write"),
                                   cl::value_desc("FILE"),
                                   cl::sub(CompileCommand),
                                   cl::sub(PackCommand), cl::cat(Category));
static cl::opt<std::string>
    Object("object", cl::desc("Write the helpers' native object as well"),
           cl::value_desc("FILE"), cl::sub(CompileCommand), cl::cat(Category));
static cl::opt<std::string>
    DependencyFile("dependency-file",
                   cl::desc("Write what the C files include, as make rules"),
                   cl::value_desc("FILE"), cl::sub(CompileCommand),
                   cl::cat(Category));
static cl::opt<std::string>
    Clang("clang",
          cl::desc("The clang to compile with (default: $INLINE_HELPERS_CLANG, "
                   "$CC if it is a clang, clang " LLVM_VERSION_STRING ")"),
          cl::value_desc("PATH"), cl::sub(CompileCommand),
          cl::sub(KernelCheckCommand), cl::cat(Category));
static cl::opt<bool> Verbose("verbose",
                             cl::desc("Print the clang commands that run"),
                             cl::sub(CompileCommand), cl::cat(Category));

static cl::opt<std::string> Library(cl::Positional, cl::desc("LIBRARY"),
                                    cl::sub(ListCommand), cl::sub(CheckCommand),
                                    cl::cat(Category));
static cl::list<std::string> Libraries(cl::Positional, cl::desc("LIBRARY..."),
                                       cl::sub(FlagsCommand),
                                       cl::cat(Category));
static cl::opt<std::string> Rustc("rustc",
                                  cl::desc("The rustc to ask (default: rustc)"),
                                  cl::value_desc("PATH"), cl::init("rustc"),
                                  cl::sub(CheckCommand), cl::cat(Category));
static cl::opt<std::string> ObjectTree(cl::Positional,
                                       cl::desc("[OBJECT-TREE]"), cl::init("."),
                                       cl::sub(KernelCheckCommand),
                                       cl::sub(KernelHeadersCommand),
                                       cl::cat(Category));
static cl::opt<bool>
    Kernel("kernel", cl::desc("Print make assignments for a kernel build"),
           cl::sub(FlagsCommand), cl::cat(Category));
static cl::opt<bool> ForCargo("cargo",
                              cl::desc("Print lines for .cargo/config.toml"),
                              cl::sub(FlagsCommand), cl::cat(Category));
static cl::opt<std::string>
    Leftover("leftover", cl::desc("What a wanted helper that stays a call is"),
             cl::value_desc("allow|warn|error"), cl::sub(FlagsCommand),
             cl::sub(KernelCommand), cl::sub(CargoCommand), cl::cat(Category));
static cl::opt<std::string>
    DebugInfo("debug-info", cl::desc("What becomes of debug info of helpers"),
              cl::value_desc("strip|lines"), cl::sub(FlagsCommand),
              cl::sub(KernelCommand), cl::sub(CargoCommand), cl::cat(Category));
static cl::opt<std::string> ModuleName(
    "modname", cl::desc("The kernel module's name, for helpers that use it"),
    cl::value_desc("NAME"), cl::sub(FlagsCommand), cl::cat(Category));
static cl::opt<std::string>
    ReportFolder("report",
                 cl::desc("Write what becomes of each helper to this folder"),
                 cl::value_desc("DIR"), cl::sub(FlagsCommand),
                 cl::sub(KernelCommand), cl::cat(Category));

static cl::opt<std::string> Folder(cl::Positional, cl::desc("DIR"),
                                   cl::sub(ReportCommand), cl::cat(Category));
static cl::opt<std::string>
    ReportFormat("format", cl::desc("How to print it (default: text)"),
                 cl::value_desc("text|json|html"), cl::init("text"),
                 cl::sub(ReportCommand), cl::cat(Category));
static cl::opt<bool> HTML("html", cl::desc("The same as --format=html"),
                          cl::sub(ReportCommand), cl::cat(Category));
static cl::opt<std::string>
    ReportOutput("o", cl::desc("The file to write (default: standard output)"),
                 cl::value_desc("FILE"), cl::sub(ReportCommand),
                 cl::cat(Category));

static cl::opt<std::string> ReasonName(cl::Positional, cl::desc("REASON"),
                                       cl::sub(ExplainCommand),
                                       cl::cat(Category));
static cl::opt<std::string>
    ExplainFormat("format", cl::desc("How to print it (default: text)"),
                  cl::value_desc("text|markdown"), cl::init("text"),
                  cl::sub(ExplainCommand), cl::cat(Category));

static const CommandHelp Commands[] = {
    {&CompileCommand, "compile", R"(
C flags follow '--'; those of GCC are understood too. What only code generation
or instrumentation needs is left out; of -g the line tables remain. Bitcode of
another tool (.bc) can be a SOURCE, too. With --object the native object is made
of the same code: helpers that share static variables with it are inlined then.
--dependency-file is for make and ninja: the library depends on what it lists.

EXAMPLES:
  inline-helpers compile -o helpers.bc helpers.c -- -O2 -Iinclude
  inline-helpers compile -o helpers.bc --object=helpers.o helpers.c -- -O2 -fPIC
  inline-helpers compile --clang=clang-19 -o all.bc a.c b.c -- $(CFLAGS)
  inline-helpers compile -o helpers.bc bare.bc
)",
     "C-FLAG..."},
    {&PackCommand, "pack", R"(
SOURCE is a library that 'inline-helpers compile' wrote. Of the archive a crate
reads the helpers it wants and no others: it is for libraries of thousands.

EXAMPLES:
  inline-helpers pack -o helpers.a helpers.bc
  inline-helpers pack -o all.a first.bc second.bc
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
Of several libraries the first that defines a helper counts. On a terminal the
flags are quoted, to be pasted; elsewhere they are words for $(...). A rustc of
the stable channel takes -Z with RUSTC_BOOTSTRAP=1.

EXAMPLES:
  rustc $(inline-helpers flags helpers.bc) -Clink-arg=helpers.o main.rs
  inline-helpers flags helpers.bc more.a --leftover=error
  make $(inline-helpers flags --kernel) LLVM=1
  inline-helpers flags --cargo >> .cargo/config.toml
)"},
    {&KernelCommand, "kernel", R"(
Runs the make command behind '--' with what 'inline-helpers flags --kernel'
prints, and shows which helpers stay calls. The exit status is make's. What the
command assigns to KRUSTFLAGS, RUSTFLAGS_KERNEL, RUSTFLAGS_MODULE or BINDGEN
holds as well. Reports are in .tmp_inline-helpers beside the objects unless
--report names another folder; 'make clean' removes them.

EXAMPLES:
  inline-helpers kernel -- make LLVM=1 -j8
  inline-helpers kernel --leftover=warn -- make O=../objects
  inline-helpers kernel -- make -C /lib/modules/$(uname -r)/build M=$PWD
)",
     "MAKE-COMMAND"},
    {&KernelCheckCommand, "kernel-check", R"(
For a kernel that GCC built: names the options that differ between it and the
clang of the helpers, and compares the layout of their types. OBJECT-TREE is the
folder of O= (default: this folder), where 'make prepare' has run. The exit
status is 0 if helpers may be inlined, else 1.

EXAMPLES:
  inline-helpers kernel-check
  inline-helpers kernel-check ../linux-build --clang=clang-19
)"},
    {&KernelHeadersCommand, "kernel-headers", R"(
OBJECT-TREE is the folder in which the kernel was built (default: this one). The
list is what scripts/package/install-extmod-build of the kernel leaves out.

EXAMPLES:
  inline-helpers kernel-headers objects
  tar -C objects -c -T <(inline-helpers kernel-headers objects) | tar -C /usr/src/linux-headers -x
)"},
    {&CargoCommand, "cargo", R"(
Runs the cargo command behind '--', and has rustc load the plugin; 'cargo
inline-helpers BUILD...' is the same. Flags, configuration, target and profile
stay as they are, and the exit status is cargo's. For a rustc that is not
nightly RUSTC_BOOTSTRAP=1 is set. 'cargo inline-helpers report' shows what became
of each helper in the last build, and 'cargo inline-helpers doctor' what is
missing.

EXAMPLES:
  cargo inline-helpers build --release
  cargo inline-helpers --leftover=error test
  cargo inline-helpers report
)",
     "CARGO-COMMAND..."},
    {&DoctorCommand, "doctor", R"(
Looks for cargo, rustc, the plugin for its LLVM and a clang that fits, and
compiles a helper and a crate in a temporary folder. The exit status is 0 if the
helper was inlined, else 1.

EXAMPLES:
  inline-helpers doctor
  cargo +nightly inline-helpers doctor
)"},
    {&ReportCommand, "report", R"(
DIR is the folder that --report of 'inline-helpers flags' or the parameter
report= names: the crates compiled with it are merged into one table. BYTES is
the size of a helper's native code.

EXAMPLES:
  inline-helpers report reports
  inline-helpers report reports --html -o helpers.html
  inline-helpers report reports --format=json
)"},
    {&ExplainCommand, "explain", R"(
Without REASON all are listed.

EXAMPLES:
  inline-helpers explain
  inline-helpers explain mutable-state
)"},
};

static constexpr StringLiteral Overview =
    "Inlines C helpers into Rust within one rustc call";

static constexpr StringLiteral GeneralHelp = R"(
EXAMPLES:
  inline-helpers compile -o helpers.bc helpers.c -- -O2
  inline-helpers check helpers.bc
  rustc $(inline-helpers flags helpers.bc) -Clink-arg=helpers.o main.rs
  inline-helpers kernel -- make LLVM=1
  cargo inline-helpers build

'inline-helpers COMMAND --help' tells more of a command.
)";

static void printVersion(raw_ostream &OS) {
  OS << "inline-helpers " INLINE_HELPERS_VERSION " (LLVM " LLVM_VERSION_STRING
        ")\n";
}

/// Prints an error and its cure, and returns the exit status. `check` promises
/// one line, `doctor` one a problem, `kernel-check` that the last one is the
/// verdict.
static int fail(Error E, int Status = 1) {
  StringRef Separator =
      CheckCommand || KernelCheckCommand || DoctorCommand ? "; " : "\n";
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

/// Returns the parameters of the pass that `flags` is given, each checked.
static Expected<std::string> getParameters() {
  std::vector<std::string> Parameters;
  if (!Leftover.empty())
    Parameters.push_back("leftover=" + Leftover);
  if (!DebugInfo.empty())
    Parameters.push_back("debug-info=" + DebugInfo);
  if (!ModuleName.empty())
    Parameters.push_back("modname=" + percentEncode(ModuleName));
  // A kernel build has its own; see buildKernel.
  if (!ReportFolder.empty() && FlagsCommand) {
    Expected<std::string> Path = encodePath(ReportFolder);
    if (!Path)
      return Path.takeError();
    Parameters.push_back("report=" + *Path);
  }
  for (const std::string &Parameter : Parameters)
    if (Expected<Options> Parsed = parseOptions(
            Parameter, "--" + StringRef(Parameter).split('=').first.str());
        !Parsed)
      return Parsed.takeError();
  return join(Parameters, ";");
}

/// Runs the kernel build \p Command and returns its exit status.
static Expected<int> runKernel(ArrayRef<std::string> Command) {
  Expected<std::string> Parameters = getParameters();
  if (!Parameters)
    return Parameters.takeError();
  return buildKernel(Command, *Parameters, ReportFolder);
}

/// Runs the cargo command \p Arguments and returns its exit status.
static Expected<int> runCargo(ArrayRef<std::string> Arguments) {
  Expected<std::string> Parameters = getParameters();
  if (!Parameters)
    return Parameters.takeError();
  return buildWithCargo(Arguments, *Parameters);
}

/// Runs the command that was chosen; \p Flags stood behind `--`.
static Error run(std::vector<std::string> Flags) {
  if (CompileCommand) {
    CompileJob Job;
    Job.Sources = Sources;
    Job.Output = Output;
    Job.Object = Object;
    Job.DependencyFile = DependencyFile;
    Job.Clang = Clang;
    Job.Flags = std::move(Flags);
    Job.Verbose = Verbose;
    return compile(Job);
  }
  if (PackCommand)
    return pack(Sources, Output);
  if (FlagsCommand) {
    Expected<std::string> Parameters = getParameters();
    if (!Parameters)
      return Parameters.takeError();
    if (Kernel)
      return printKernelFlags(*Parameters);
    if (ForCargo)
      return printCargoConfiguration(*Parameters);
    return printFlags(Libraries, *Parameters);
  }
  if (KernelHeadersCommand)
    return listKernelHeaders(ObjectTree);
  if (ReportCommand)
    return report(Folder, HTML ? "html" : ReportFormat.getValue(),
                  ReportOutput);
  if (ExplainCommand)
    return explain(ReasonName, ExplainFormat);
  if (CheckCommand)
    return check(Library, Rustc);
  if (KernelCheckCommand)
    return checkKernel(ObjectTree, Clang);
  return list(Library);
}

/// Returns the words of `inline-helpers` for those of `cargo inline-helpers`:
/// cargo's own command follows our options.
static Expected<std::vector<std::string>>
translateCargo(ArrayRef<char *> Given) {
  std::vector<std::string> Words(Given.begin(), Given.end());
  // cargo hands on the name by which it found us.
  if (!Words.empty() && Words.front() == "inline-helpers")
    Words.erase(Words.begin());
  if (!Words.empty() && Words.front() == "doctor")
    return Words;
  if (!Words.empty() && Words.front() == "report") {
    if (!is_contained(Words, "--help")) {
      Expected<std::string> Folder = findCargoReports();
      if (!Folder)
        return Folder.takeError();
      Words.insert(Words.begin() + 1, *Folder);
    }
    return Words;
  }
  auto First = find_if(
      Words, [](StringRef W) { return W == "--" || !W.starts_with("-"); });
  if (First != Words.end() && *First != "--")
    Words.insert(First, "--");
  Words.insert(Words.begin(), "cargo");
  return Words;
}

/// Returns true if \p A and \p B, which need not be there, name one file.
static bool isSamePath(StringRef A, StringRef B) {
  SmallString<128> Paths[] = {A, B};
  for (SmallString<128> &Path : Paths) {
    sys::fs::make_absolute(Path);
    sys::path::remove_dots(Path);
  }
  return Paths[0] == Paths[1];
}

/// Registers the targets of isKnownArchitecture: no code is generated for
/// others, whose helpers all stay calls.
static void registerTargets() {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  LLVMInitializeX86AsmParser();
  LLVMInitializeAArch64TargetInfo();
  LLVMInitializeAArch64Target();
  LLVMInitializeAArch64TargetMC();
  LLVMInitializeAArch64AsmPrinter();
  LLVMInitializeAArch64AsmParser();
}

int main(int Argc, char **Argv) {
  registerTargets();
  // Before LLVM's crash handlers are there: whoever asks tells of a crash.
  if (Argc == 3 && Argv[1] == OutsideReaderCommand)
    return answerOutsideReader(Argv[2]);
  InitLLVM X(Argc, Argv);
  // A file that may not grow is an error of the write.
  std::signal(SIGXFSZ, SIG_IGN);
  ArrayRef<char *> Given(Argv + 1, Argv + Argc);

  if (sys::path::filename(Argv[0]) == "inline-helpers-bindgen")
    return fail(
        runBindgen(std::vector<std::string>(Given.begin(), Given.end())));

  std::vector<std::string> Words;
  std::string Program = "inline-helpers";
  std::vector<char *> Translated = {Program.data()};
  if (sys::path::filename(Argv[0]) == "cargo-inline-helpers") {
    Expected<std::vector<std::string>> Result = translateCargo(Given);
    if (!Result)
      return fail(Result.takeError());
    Words = std::move(*Result);
    for (std::string &Word : Words)
      Translated.push_back(Word.data());
    Argv = Translated.data();
    Given = ArrayRef(Translated).drop_front();
  }

  // C flags and the commands of make and cargo are not ours to parse.
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
  if (Split != Given.end() && !(HasCommand && !Command->Rest.empty()))
    return failUsage("'--' belongs to compile, kernel and cargo alone",
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
  if (!cl::ParseCommandLineOptions(Argc, Argv, (Overview + "\n").str(),
                                   &ErrorStream)) {
    StringRef What = StringRef(ErrorStream.str()).split('\n').first;
    What.consume_front(sys::path::filename(Argv[0]));
    What.consume_front(": ");
    return failUsage(What.split("  Try: ").first,
                     "the options of '" + Name + "' are " + listOptions(Sub) +
                         "; see '" + Name + " --help'");
  }
  if (isGenerateAsked()) {
    Error E = generate({Overview, GeneralHelp, Commands, Category},
                       HasCommand ? Command : nullptr);
    return E ? fail(std::move(E), 2) : 0;
  }
  if (!HasCommand)
    return failUsage("no command is given",
                     "the commands are " + listCommands());
  bool MakesLibrary = CompileCommand || PackCommand;
  if ((MakesLibrary && Sources.empty()) ||
      ((ListCommand || CheckCommand) && Library.empty()) ||
      (FlagsCommand && !Kernel && !ForCargo && Libraries.empty()))
    return failUsage(CompileCommand ? "no C file is given"
                                    : "no library is given",
                     "see '" + Name + " --help'");
  if (MakesLibrary && Output.empty())
    return failUsage("no file to write is given",
                     "name it with -o; see '" + Name + " --help'");
  if (CompileCommand)
    for (auto [Option, First, Second] :
         {std::tuple("'-o' and '--object'", &Output, &Object),
          {"'-o' and '--dependency-file'", &Output, &DependencyFile},
          {"'--object' and '--dependency-file'", &Object, &DependencyFile}})
      if (!Second->empty() && isSamePath(*First, *Second))
        return failUsage(Twine(Option) + " name one file",
                         "see '" + Name + " --help'");
  if (FlagsCommand && Kernel && ForCargo)
    return failUsage("'--kernel' and '--cargo' are for different builds",
                     "give one of them");
  if (FlagsCommand && (Kernel || ForCargo) && !Libraries.empty())
    return failUsage(Twine(Kernel ? "'--kernel'" : "'--cargo'") +
                         " takes no library: the build makes its own",
                     "see 'inline-helpers flags --help'");
  if (KernelCommand && Flags.empty())
    return failUsage("no make command is given",
                     "it follows '--': inline-helpers kernel -- make -j8");
  if (CargoCommand && Flags.empty())
    return failUsage("no cargo command is given",
                     "it follows the options: cargo inline-helpers build");
  if (ReportCommand && Folder.empty())
    return failUsage("no folder is given",
                     "see 'inline-helpers report --help'");
  if (ReportCommand && HTML && ReportFormat.getNumOccurrences())
    return failUsage("'--html' is '--format=html': give one of them",
                     "see 'inline-helpers report --help'");
  if (!is_contained({"text", "json", "html"}, ReportFormat.getValue()))
    return failUsage("there is no format '" + ReportFormat + "'",
                     "the formats are text, json, html");
  if (!is_contained({"text", "markdown"}, ExplainFormat.getValue()))
    return failUsage("there is no format '" + ExplainFormat + "'",
                     "the formats are text, markdown");
  if (ExplainFormat == "markdown" && !ReasonName.empty())
    return failUsage("'--format=markdown' prints all reasons",
                     "see 'inline-helpers explain --help'");
  if (KernelCommand || CargoCommand || DoctorCommand) {
    Expected<int> Status = KernelCommand  ? runKernel(Flags)
                           : CargoCommand ? runCargo(Flags)
                                          : examineSetup();
    return Status ? *Status : fail(Status.takeError());
  }
  if (Error E = run(std::move(Flags)))
    return fail(std::move(E));
  return 0;
}
