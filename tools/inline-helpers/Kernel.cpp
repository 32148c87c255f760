//===- Kernel.cpp - inline-helpers kernel ---------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the make command of a kernel build with the assignments of Flags.cpp,
// and says at its end which helpers stay calls. Where the objects are, and what
// the caller assigns, make itself is asked: only it knows all places that these
// can come from.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Toolchain.h"
#include "passes/Diagnostics.h"
#include "passes/Options.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace llvm;
using namespace inline_helpers;

/// kbuild removes what is called so in `make clean`, also from the folder of a
/// module (the top Makefile, clean).
static constexpr StringLiteral ReportFolderName = ".tmp_inline-helpers";

static constexpr StringLiteral BuiltInLibrary = "rust/helpers.bc";
static constexpr StringLiteral ModuleLibrary = "rust/helpers_module.bc";

//===----------------------------------------------------------------------===//
// Ask make
//===----------------------------------------------------------------------===//

namespace {
struct Variable {
  std::string Origin; ///< As make's $(origin) says it.
  std::string Value;
};

/// What a make command says of itself.
class Answers {
public:
  explicit Answers(StringRef Output) {
    SmallVector<StringRef, 32> Lines;
    Output.split(Lines, '\n');
    for (StringRef Line : Lines) {
      if (!Line.consume_front("inline-helpers:"))
        continue;
      auto [Name, Rest] = Line.split(':');
      auto [Origin, Value] = Rest.split(':');
      Variables[Name] = {Origin.str(), Value.str()};
    }
  }

  bool empty() const { return Variables.empty(); }

  StringRef get(StringRef Name) const {
    auto It = Variables.find(Name);
    return It == Variables.end() ? StringRef() : StringRef(It->second.Value);
  }

  /// Returns the value of \p Name if it gets past an assignment in a makefile.
  StringRef getAssigned(StringRef Name) const {
    auto It = Variables.find(Name);
    if (It == Variables.end() || (It->second.Origin != "command line" &&
                                  It->second.Origin != "environment override"))
      return {};
    return It->second.Value;
  }

private:
  StringMap<Variable> Variables;
};
} // namespace

/// Evaluated before make reads a makefile. The error ends make: it must build
/// nothing yet.
static constexpr StringLiteral Question =
    "--eval="
    "$(foreach v,KRUSTFLAGS RUSTFLAGS_KERNEL RUSTFLAGS_MODULE,"
    "$(info inline-helpers:$v:$(origin $v):$(value $v)))"
    "$(foreach v,BINDGEN O KBUILD_OUTPUT M KBUILD_EXTMOD MO "
    "KBUILD_EXTMOD_OUTPUT CURDIR MAKECMDGOALS,"
    "$(info inline-helpers:$v:$(origin $v):$($v)))"
    "$(error inline-helpers has its answers)";

static Expected<Answers> askMake(StringRef Program,
                                 ArrayRef<std::string> Command) {
  std::vector<std::string> Whole = Command.vec();
  Whole.front() = Program.str();
  Whole.push_back(Question.str());
  Expected<ProgramOutput> Output = runAndCapture(Whole);
  if (!Output)
    return Output.takeError();
  Answers Said(Output->Output);
  if (!Said.empty())
    return Said;
  // A mistake in the command: make has said which.
  errs() << Output->Errors;
  return makeError(DiagnosticCode::BadOption,
                   "'" + Command.front() +
                       "' does not answer as GNU make with these arguments",
                   "give the command that builds the kernel without "
                   "inline-helpers, as in 'inline-helpers kernel -- make -j8'");
}

//===----------------------------------------------------------------------===//
// Where things are
//===----------------------------------------------------------------------===//

static std::string makeAbsolute(StringRef Folder, StringRef Path) {
  SmallString<128> Result;
  if (!sys::path::is_absolute(Path))
    Result = Folder;
  sys::path::append(Result, Path);
  sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
  return std::string(Result);
}

static std::string appendPath(StringRef Folder, StringRef Name) {
  SmallString<128> Result(Folder);
  sys::path::append(Result, Name);
  return std::string(Result);
}

namespace {
/// The folders of a build.
struct Folders {
  std::string Objects; ///< Of the kernel.
  std::string Module;  ///< Of a module out of tree; else empty.

  std::string getReport() const {
    return appendPath(Module.empty() ? Objects : Module, ReportFolderName);
  }
};
} // namespace

/// Decides as the kernel's top Makefile does.
static Folders findFolders(const Answers &Said) {
  auto Choose = [&](StringRef Assigned, StringRef Variable) {
    StringRef Value = Said.getAssigned(Assigned);
    return Value.empty() ? Said.get(Variable) : Value;
  };
  StringRef Here = Said.get("CURDIR");
  Folders Result;
  Result.Objects = makeAbsolute(Here, Choose("O", "KBUILD_OUTPUT"));
  StringRef Module = Choose("MO", "KBUILD_EXTMOD_OUTPUT");
  if (Module.empty())
    Module = Choose("M", "KBUILD_EXTMOD");
  if (Module.empty())
    return Result;
  Result.Module = makeAbsolute(Here, Module);
  // Before Linux 6.13 make has gone to the objects when it reads M=.
  if (!sys::fs::is_directory(Result.Module))
    Result.Module = makeAbsolute(Result.Objects, Module);
  return Result;
}

/// Refuses a folder that kbuild takes for several: what it says of them is that
/// it cannot create one, or that it builds no "multiple external modules".
static Error checkFolders(const Folders &Places) {
  for (StringRef Folder : {Places.Objects, Places.Module})
    if (Folder.find_first_of(" \t\n") != StringRef::npos)
      return makeError(DiagnosticCode::BadOption,
                       "kbuild cannot build in '" + Folder +
                           "': the path has a space in it",
                       "give it another path, without a space");
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Build
//===----------------------------------------------------------------------===//

/// Returns our assignments, with what the caller assigns to the same variables
/// in front, and hands the caller's bindgen on to ours.
static Expected<std::vector<std::string>> getAssignments(const Answers &Said,
                                                         StringRef Parameters) {
  Expected<std::vector<Assignment>> Ours = getKernelAssignments(Parameters);
  if (!Ours)
    return Ours.takeError();
  std::vector<std::string> Result;
  for (const Assignment &Our : *Ours) {
    StringRef Theirs = Said.getAssigned(Our.Name);
    if (Our.Name == "BINDGEN") {
      if (sys::path::filename(Theirs) == sys::path::filename(Our.Value))
        return makeError(DiagnosticCode::BadOption,
                         "the make command has the assignments of "
                         "'inline-helpers flags --kernel' already",
                         "leave them out: 'inline-helpers kernel' adds them");
      if (!Theirs.empty())
        setenv("INLINE_HELPERS_BINDGEN", Theirs.str().c_str(), /*replace=*/1);
      Theirs = "";
    }
    // The only one of them that no makefile of the kernel assigns.
    if (Our.Name == "KRUSTFLAGS")
      Theirs = Said.get(Our.Name);
    Result.push_back(
        (Our.Name + "=" + Theirs + (Theirs.empty() ? "" : " ") + Our.Value)
            .str());
  }
  return Result;
}

/// `make mrproper` removes what kbuild knows of, and this is ours.
static void removeLibraries(StringRef Objects) {
  for (StringRef Library : {BuiltInLibrary, ModuleLibrary})
    sys::fs::remove(appendPath(Objects, Library));
}

static Error libraryIsMissing(StringRef Path) {
  return makeError(DiagnosticCode::Unreadable,
                   "'" + Path +
                       "' is missing: the kernel was not built with its "
                       "helpers inlined",
                   "build the kernel with 'inline-helpers kernel'; a folder of "
                   "headers needs what 'inline-helpers kernel-headers' lists");
}

Expected<int> inline_helpers::buildKernel(ArrayRef<std::string> Command,
                                          StringRef Parameters,
                                          StringRef ReportFolder) {
  Expected<std::string> Program = findProgram("make", Command.front(), "");
  if (!Program)
    return Program.takeError();
  Expected<Answers> Said = askMake(*Program, Command);
  if (!Said)
    return Said.takeError();
  Folders Places = findFolders(*Said);
  if (Error E = checkFolders(Places))
    return E;

  SmallString<128> Reports(ReportFolder);
  std::string Encoded = ReportFolderName.str();
  if (ReportFolder.empty()) {
    Reports = Places.getReport();
  } else if (std::error_code EC = sys::fs::make_absolute(Reports)) {
    return errorCodeToError(EC);
  }
  // rustc runs where the kernel's objects are. A relative path is the same
  // wherever a kernel is built.
  if (!ReportFolder.empty() || !Places.Module.empty())
    Encoded = percentEncode(Reports);
  std::string AllParameters = Parameters.str();
  AllParameters += (Parameters.empty() ? "" : ";") + ("report=" + Encoded);

  Expected<std::vector<std::string>> Assignments =
      getAssignments(*Said, AllParameters);
  if (!Assignments)
    return Assignments.takeError();
  std::vector<std::string> Whole = Command.vec();
  Whole.insert(Whole.end(), Assignments->begin(), Assignments->end());
  Expected<int> Status = runToEnd(*Program, Whole);
  if (!Status)
    return Status;

  std::string Library = appendPath(Places.Objects, ModuleLibrary);
  if (*Status != 0) {
    if (!Places.Module.empty() && !sys::fs::exists(Library))
      return libraryIsMissing(Library);
    return Status;
  }
  SmallVector<StringRef, 8> Goals;
  SplitString(Said->get("MAKECMDGOALS"), Goals);
  if (is_contained(Goals, "mrproper") || is_contained(Goals, "distclean"))
    removeLibraries(Places.Objects);
  if (!sys::fs::exists(Reports)) {
    outs() << "inline-helpers: nothing to report: no Rust has been compiled "
              "here\n";
    return Status;
  }
  if (Error E = reportLeftover(Reports))
    return E;
  return Status;
}

//===----------------------------------------------------------------------===//
// Headers
//===----------------------------------------------------------------------===//

Error inline_helpers::listKernelHeaders(StringRef Objects) {
  std::string Library = appendPath(Objects, ModuleLibrary);
  if (!sys::fs::exists(Library))
    return libraryIsMissing(Library);
  std::vector<std::string> Paths = {ModuleLibrary.str()};
  // Rust's core is compiled for this target (x86; of other architectures rustc
  // knows it). The other is of the kernel's own CONFIG_RUST_INLINE_HELPERS.
  for (StringRef Path :
       {"scripts/target.json", "rust/helpers/helpers_module.bc"})
    if (sys::fs::exists(appendPath(Objects, Path)))
      Paths.push_back(Path.str());
  std::string Rust = appendPath(Objects, "rust");
  std::error_code EC;
  for (sys::fs::directory_iterator I(Rust, EC), End; !EC && I != End;
       I.increment(EC)) {
    StringRef Name = sys::path::filename(I->path());
    // The crates' interfaces, and the macros.
    if (Name.ends_with(".rmeta") || Name.ends_with(".so"))
      Paths.push_back(("rust/" + Name).str());
  }
  if (EC)
    return makeError(DiagnosticCode::Unreadable,
                     "cannot read folder '" + Rust + "': " + EC.message(),
                     "give the folder of the kernel's objects");
  llvm::sort(Paths);
  for (StringRef Path : Paths)
    outs() << Path << '\n';
  return Error::success();
}
