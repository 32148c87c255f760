//===- Generate.cpp - Man pages and shell completion ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Generate.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/raw_ostream.h"
#include <vector>

using namespace llvm;
using namespace inline_helpers;

static cl::opt<std::string>
    What("generate", cl::Hidden, cl::desc("Print a man page or completion"),
         cl::value_desc("man|complete-bash|complete-fish|complete-zsh|"
                        "commands"),
         cl::sub(cl::SubCommand::getAll()));

bool inline_helpers::isGenerateAsked() { return What.getNumOccurrences() != 0; }

//===----------------------------------------------------------------------===//
// What there is
//===----------------------------------------------------------------------===//

namespace {
/// What may stand in a place of the command line.
struct Values {
  enum { Nothing, Words, Files, Folders } Kind = Nothing;
  std::vector<std::string> Choice; ///< The words.
};

struct OptionHelp {
  std::string Name; ///< With its dashes.
  StringRef Text;
  StringRef Value; ///< "FILE"; empty: it takes none.

  bool isLong() const { return StringRef(Name).starts_with("--"); }
  /// As one writes it: "--clang=", "-o".
  std::string word() const {
    return Name + (isLong() && !Value.empty() ? "=" : "");
  }
};
} // namespace

static std::vector<OptionHelp> getOptions(const CommandLineHelp &Help,
                                          cl::SubCommand &Sub) {
  std::vector<OptionHelp> Result = {{"--help", "Print this help", ""}};
  if (&Sub == &cl::SubCommand::getTopLevel())
    Result.push_back({"--version", "Print the version", ""});
  for (auto &[Name, Option] : cl::getRegisteredOptions(Sub))
    if (is_contained(Option->Categories, &Help.Category) &&
        Option->getOptionHiddenFlag() == cl::NotHidden)
      Result.push_back({(Name.size() == 1 ? "-" : "--") + Name.str(),
                        Option->HelpStr, Option->ValueStr});
  llvm::sort(Result, [](const OptionHelp &A, const OptionHelp &B) {
    return A.Name < B.Name;
  });
  return Result;
}

/// Returns what \p Sub takes beside options: "SOURCE...", "[OBJECT-TREE]".
static std::string getOperands(cl::SubCommand &Sub) {
  std::vector<std::string> Result;
  for (const cl::Option *Option : Sub.PositionalOpts)
    Result.push_back(Option->HelpStr.str());
  return join(Result, " ");
}

static std::vector<std::string> getReasonNames() {
  return {
#define REASON(Enumerator, Name, ...) Name,
#include "passes/Reasons.def"
  };
}

/// Returns what \p Description, of an option's value or an operand, stands for.
static Values getValues(StringRef Description) {
  Values Result;
  SmallVector<StringRef, 4> Choice;
  Description.split(Choice, '|');
  if (Choice.size() > 1) {
    Result.Kind = Values::Words;
    Result.Choice.assign(Choice.begin(), Choice.end());
    return Result;
  }
  StringRef Name = Description.trim("[].");
  if (Name == "REASON") {
    Result.Kind = Values::Words;
    Result.Choice = getReasonNames();
    return Result;
  }
  if (Name == "DIR" || Name.ends_with("-TREE"))
    Result.Kind = Values::Folders;
  else if (!Name.empty() && Name != "NAME")
    Result.Kind = Values::Files;
  return Result;
}

/// Splits \p Text of a command into paragraphs and the lines of its examples.
static std::pair<std::string, StringRef> splitText(StringRef Text) {
  auto [Before, Examples] = Text.split("EXAMPLES:\n");
  auto [Lines, After] = Examples.split("\n\n");
  std::string Paragraphs = Before.trim().str();
  if (!Paragraphs.empty() && !After.trim().empty())
    Paragraphs += "\n\n";
  Paragraphs += After.trim();
  return {Paragraphs, Lines.trim('\n')};
}

/// The name of the command where those for several LLVMs are installed.
static const std::string VersionedName =
    "inline-helpers-" + utostr(LLVM_VERSION_MAJOR);

//===----------------------------------------------------------------------===//
// Man pages
//===----------------------------------------------------------------------===//

/// Returns \p Text for troff, where it stands for itself.
static std::string escapeMan(StringRef Text) {
  std::string Result;
  // At the start of a line these would be a request.
  if (Text.starts_with(".") || Text.starts_with("'"))
    Result = "\\&";
  for (char C : Text) {
    StringRef Escape = StringSwitch<StringRef>(StringRef(&C, 1))
                           .Case("\\", "\\e")
                           .Case("-", "\\-")
                           .Case("'", "\\(aq")
                           .Case("`", "\\(ga")
                           .Case("^", "\\(ha")
                           .Case("~", "\\(ti")
                           .Default("");
    if (Escape.empty())
      Result += C;
    else
      Result += Escape;
  }
  return Result;
}

static void printManOptions(ArrayRef<OptionHelp> Options) {
  outs() << ".SH OPTIONS\n";
  for (const OptionHelp &Option : Options) {
    outs() << ".TP\n\\fB" << escapeMan(Option.word()) << "\\fR";
    if (!Option.Value.empty())
      outs() << (Option.isLong() ? "" : " ") << "\\fI"
             << escapeMan(Option.Value) << "\\fR";
    outs() << '\n' << escapeMan(Option.Text) << ".\n";
  }
}

static void printManCommands(ArrayRef<CommandHelp> Commands) {
  outs() << ".SH COMMANDS\nEach has a page of its own.\n";
  for (const CommandHelp &C : Commands)
    outs() << ".TP\n.BR inline\\-helpers\\-" << escapeMan(C.Name) << " (1)\n"
           << escapeMan(C.Command->getDescription()) << ".\n";
}

static void printMan(const CommandLineHelp &Help, const CommandHelp *Command) {
  cl::SubCommand &Sub =
      Command ? *Command->Command : cl::SubCommand::getTopLevel();
  std::string Page = "inline-helpers";
  std::string Synopsis = "\\fBinline\\-helpers\\fR";
  std::string Operands = "COMMAND ...";
  StringRef Summary = Help.Overview;
  if (Command) {
    Page += "-" + Command->Name.str();
    Synopsis += " \\fB" + escapeMan(Command->Name) + "\\fR";
    Operands = getOperands(Sub);
    Summary = Sub.getDescription();
  }
  Synopsis += " [\\fIoptions\\fR]";
  if (!Operands.empty())
    Synopsis += " \\fI" + escapeMan(Operands) + "\\fR";
  if (Command && !Command->Rest.empty())
    Synopsis += " \\fB\\-\\-\\fR \\fI" + escapeMan(Command->Rest) + "\\fR";
  auto [Paragraphs, Examples] = splitText(Command ? Command->Text : Help.Text);

  outs() << ".TH " << escapeMan(StringRef(Page).upper())
         << " 1 " INLINE_HELPERS_DATE
            " \"inline\\-helpers " INLINE_HELPERS_VERSION "\"\n"
         << ".SH NAME\n"
         << escapeMan(Page) << " \\- " << escapeMan(Summary)
         << "\n.SH SYNOPSIS\n"
         << Synopsis << "\n.SH DESCRIPTION\n"
         << escapeMan(Summary) << ".\n";
  if (!Paragraphs.empty()) {
    outs() << ".PP\n";
    for (StringRef Line : split(Paragraphs, '\n'))
      outs() << (Line.empty() ? ".PP" : escapeMan(Line)) << '\n';
  }
  if (!Command)
    printManCommands(Help.Commands);
  printManOptions(getOptions(Help, Sub));
  outs() << ".SH EXAMPLES\n.nf\n";
  for (StringRef Line : split(Examples, '\n'))
    outs() << escapeMan(Line.trim()) << '\n';
  outs() << ".fi\n";
  if (Command)
    outs() << ".SH SEE ALSO\n.BR inline\\-helpers (1)\n";
}

//===----------------------------------------------------------------------===//
// Completion
//===----------------------------------------------------------------------===//

/// Returns the words of \p Options, as one writes them.
static std::string joinWords(ArrayRef<OptionHelp> Options) {
  std::vector<std::string> Words;
  for (const OptionHelp &Option : Options)
    Words.push_back(Option.word());
  return join(Words, " ");
}

static std::string joinNames(ArrayRef<CommandHelp> Commands) {
  std::vector<std::string> Names;
  for (const CommandHelp &C : Commands)
    Names.push_back(C.Name.str());
  return join(Names, " ");
}

static std::string getBashValues(StringRef Description) {
  Values V = getValues(Description);
  switch (V.Kind) {
  case Values::Nothing:
    return "kind='nothing'";
  case Values::Words:
    return "words='" + join(V.Choice, " ") + "'";
  case Values::Files:
    return "kind='file'";
  case Values::Folders:
    return "kind='folder'";
  }
  llvm_unreachable("the switch has every kind");
}

static void printBash(const CommandLineHelp &Help) {
  outs()
      << R"(# bash completion for inline-helpers, by inline-helpers --generate=complete-bash

_inline_helpers() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' option='' options='' words='' kind='' index
  COMPREPLY=()
  # What follows '--' is another command's.
  for ((index = 1; index < COMP_CWORD; ++index)); do
    if [[ ${COMP_WORDS[index]} == -- ]]; then
      compopt -o default
      return
    fi
  done
  if ((COMP_CWORD > 1)); then command=${COMP_WORDS[1]}; fi
  # To readline '=' is a word of its own.
  if [[ $previous == = ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  else
    option=$previous
    if [[ $current == = ]]; then current=''; fi
  fi
  case "$command $option" in
)";
  for (const CommandHelp &C : Help.Commands)
    for (const OptionHelp &Option : getOptions(Help, *C.Command))
      if (!Option.Value.empty())
        outs() << "    '" << C.Name << ' ' << Option.Name << "') "
               << getBashValues(Option.Value) << " ;;\n";
  outs() << "    *)\n      case $command in\n        '') words='"
         << joinNames(Help.Commands) << "' options='"
         << joinWords(getOptions(Help, cl::SubCommand::getTopLevel()))
         << "' ;;\n";
  for (const CommandHelp &C : Help.Commands)
    outs() << "        " << C.Name << ") "
           << getBashValues(getOperands(*C.Command)) << " options='"
           << joinWords(getOptions(Help, *C.Command)) << "' ;;\n";
  outs() << R"(      esac
      if [[ $current == -* ]]; then kind='' words=$options; fi
      ;;
  esac
  case $kind in
    file) compopt -o default ;;
    folder) compopt -o dirnames ;;
    nothing) ;;
    *)
      mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
      if [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace; fi
      ;;
  esac
}

complete -F _inline_helpers inline-helpers )"
         << VersionedName << '\n';
}

/// Returns \p Text in single quotes, which in bash, zsh and fish hold all but
/// themselves (and, in fish, backslashes, which no text has).
static std::string quote(std::string Text) {
  size_t At = 0;
  while ((At = Text.find('\'', At)) != std::string::npos) {
    Text.replace(At, 1, "'\\''");
    At += 4;
  }
  return "'" + Text + "'";
}

/// Returns \p Text for a specification of zsh's, where \p Special are marks.
static std::string escapeZsh(StringRef Text, StringRef Special) {
  std::string Result;
  for (char C : Text) {
    if (Special.contains(C))
      Result += '\\';
    Result += C;
  }
  return Result;
}

/// Returns ":MESSAGE:ACTION" of _arguments for a value or operand.
static std::string getZshValues(StringRef Description) {
  std::string Message = ":" + escapeZsh(Description, ":\\");
  Values V = getValues(Description);
  switch (V.Kind) {
  case Values::Nothing:
    return Message + ": ";
  case Values::Words:
    return Message + ":(" + join(V.Choice, " ") + ")";
  case Values::Files:
    return Message + ":_files";
  case Values::Folders:
    return Message + ":_files -/";
  }
  llvm_unreachable("the switch has every kind");
}

static void printZshOptions(ArrayRef<OptionHelp> Options) {
  for (const OptionHelp &Option : Options) {
    std::string Spec =
        Option.word() + "[" + escapeZsh(Option.Text, "[]:\\") + "]";
    if (!Option.Value.empty())
      Spec += getZshValues(Option.Value);
    outs() << " \\\n        " << quote(Spec);
  }
}

static void printZsh(const CommandLineHelp &Help) {
  outs() << "#compdef inline-helpers " << VersionedName << R"(
# zsh completion for inline-helpers, by inline-helpers --generate=complete-zsh

_inline_helpers() {
  local command=$words[2]
  if ((CURRENT == 2)); then
    local -a names=(
)";
  for (const CommandHelp &C : Help.Commands)
    outs() << "      "
           << quote(C.Name.str() + ":" + C.Command->getDescription().str())
           << '\n';
  outs() << "    )\n    _describe -t commands command names\n    _arguments";
  printZshOptions(getOptions(Help, cl::SubCommand::getTopLevel()));
  outs() << R"(
    return
  fi
  shift words
  ((CURRENT--))
  # What follows '--' is another command's.
  if ((${words[(i)--]} < CURRENT)); then
    _files
    return
  fi
  case $command in
)";
  for (const CommandHelp &C : Help.Commands) {
    outs() << "    " << C.Name << ")\n      _arguments";
    printZshOptions(getOptions(Help, *C.Command));
    if (std::string Operands = getOperands(*C.Command); !Operands.empty())
      outs() << " \\\n        "
             << quote((StringRef(Operands).ends_with("...") ? "*" : "1") +
                      getZshValues(Operands));
    outs() << " ;;\n";
  }
  outs() << R"(  esac
}

# A file of the folders for completions is a function; this may be sourced, too.
if [[ $funcstack[1] == _inline-helpers* ]]; then
  _inline_helpers "$@"
else
  compdef _inline_helpers inline-helpers )"
         << VersionedName << "\nfi\n";
}

/// Prints what completes \p Description in fish, which offers files by itself.
static std::string getFishValues(StringRef Description) {
  Values V = getValues(Description);
  switch (V.Kind) {
  case Values::Nothing:
    return " -f";
  case Values::Words:
    return " -f -a " + quote(join(V.Choice, " "));
  case Values::Files:
    return " -F";
  case Values::Folders:
    // fish's function knows nothing of "--report=" before a folder.
    return " -f -a '(__fish_complete_directories (commandline -ct | "
           "string replace -r \"^--.*?=\" \"\"))'";
  }
  llvm_unreachable("the switch has every kind");
}

static void printFishOptions(StringRef Condition,
                             ArrayRef<OptionHelp> Options) {
  for (const OptionHelp &Option : Options) {
    StringRef Name = Option.Name;
    outs() << "complete -c inline-helpers -n " << quote(Condition.str())
           << (Option.isLong() ? " -l " : " -s ") << Name.ltrim('-') << " -d "
           << quote(Option.Text.str());
    if (!Option.Value.empty())
      outs() << " -r" << getFishValues(Option.Value);
    outs() << '\n';
  }
}

static void printFish(const CommandLineHelp &Help) {
  outs()
      << R"(# fish completion for inline-helpers, by inline-helpers --generate=complete-fish

# True if the command is the one named, and no '--' begins another.
function __inline_helpers_in
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"; and not contains -- -- $words
end

)" << "complete -c "
      << VersionedName << " -w inline-helpers\n";
  for (const CommandHelp &C : Help.Commands)
    outs() << "complete -c inline-helpers -n '__inline_helpers_in \"\"' -f -a "
           << C.Name << " -d " << quote(C.Command->getDescription().str())
           << '\n';
  printFishOptions("__inline_helpers_in \"\"",
                   getOptions(Help, cl::SubCommand::getTopLevel()));
  for (const CommandHelp &C : Help.Commands) {
    std::string Condition = "__inline_helpers_in " + C.Name.str();
    outs() << "complete -c inline-helpers -n " << quote(Condition)
           << getFishValues(getOperands(*C.Command)) << '\n';
    printFishOptions(Condition, getOptions(Help, *C.Command));
  }
}

static void printCommands(const CommandLineHelp &Help) {
  for (const CommandHelp &C : Help.Commands)
    outs() << C.Name << '\n';
}

Error inline_helpers::generate(const CommandLineHelp &Help,
                               const CommandHelp *Command) {
  if (What == "man")
    printMan(Help, Command);
  else if (What == "complete-bash")
    printBash(Help);
  else if (What == "complete-fish")
    printFish(Help);
  else if (What == "complete-zsh")
    printZsh(Help);
  else if (What == "commands")
    printCommands(Help);
  else
    return makeError(DiagnosticCode::BadOption,
                     "there is no '" + What + "' to generate",
                     "there are " + join(split(What.ValueStr, '|'), ", "));
  return Error::success();
}
