//===- CargoSetup.cpp - What cargo inlines helpers with -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CargoSetup.h"
#include "Commands.h"
#include "passes/Diagnostics.h"
#include "passes/Options.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"
#include <cstdlib>
#include <set>

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Arguments and environment
//===----------------------------------------------------------------------===//

std::vector<std::string>
inline_helpers::getCargoOption(ArrayRef<std::string> Arguments,
                               StringRef Name) {
  std::vector<std::string> Values;
  for (size_t I = 0; I < Arguments.size() && Arguments[I] != "--"; ++I) {
    StringRef Argument = Arguments[I];
    if (!Argument.consume_front("--") || !Argument.consume_front(Name))
      continue;
    if (Argument.consume_front("="))
      Values.push_back(Argument.str());
    else if (Argument.empty() && I + 1 < Arguments.size())
      Values.push_back(Arguments[++I]);
  }
  return Values;
}

namespace {
/// Gives a variable of the environment another value for a time.
class ScopedVariable {
public:
  ScopedVariable(StringRef Name, const Twine &Value)
      : Name(Name.str()), Before(sys::Process::GetEnv(Name)) {
    setenv(this->Name.c_str(), Value.str().c_str(), /*replace=*/1);
  }
  ScopedVariable(const ScopedVariable &) = delete;
  ScopedVariable &operator=(const ScopedVariable &) = delete;
  ~ScopedVariable() {
    if (Before)
      setenv(Name.c_str(), Before->c_str(), /*replace=*/1);
    else
      unsetenv(Name.c_str());
  }

private:
  std::string Name;
  std::optional<std::string> Before;
};
} // namespace

/// Returns the value of variable \p Name with \p Words behind it. cargo divides
/// the value at \p Separator.
static std::string appendTo(StringRef Name, ArrayRef<std::string> Words,
                            StringRef Separator) {
  std::vector<std::string> All;
  if (std::optional<std::string> Before = sys::Process::GetEnv(Name);
      Before && !Before->empty())
    All.push_back(*Before);
  All.insert(All.end(), Words.begin(), Words.end());
  return join(All, Separator);
}

//===----------------------------------------------------------------------===//
// Ask cargo
//===----------------------------------------------------------------------===//

void CargoSetup::removeEmptyPackage() {
  if (!Folder.empty())
    sys::fs::remove_directories(Folder);
  Folder.clear();
}

Expected<std::string> CargoSetup::findCargo() {
  // cargo names itself to its subcommands.
  std::string Name = sys::Process::GetEnv("CARGO").value_or("cargo");
  Expected<std::string> Path = findProgram(
      "cargo", Name, "install Rust with rustup, or the package cargo");
  if (!Path)
    return Path.takeError();

  SmallString<128> Temporary;
  std::error_code EC =
      sys::fs::createUniqueDirectory("inline-helpers-cargo", Temporary);
  if (!EC) {
    Folder = std::string(Temporary);
    sys::path::append(Temporary, "Cargo.toml");
    raw_fd_ostream OS(Temporary, EC);
    OS << "[package]\nname = \"inline-helpers-trial\"\nedition = \"2021\"\n"
          "[lib]\npath = \"lib.rs\"\n[workspace]\n";
    OS.close();
    if (OS.has_error())
      EC = OS.error();
    OS.clear_error();
  }
  sys::fs::file_status Status;
  if (!EC)
    EC = sys::fs::status(Temporary, Status);
  if (EC)
    return noTemporaryFile(EC);
  Began = Status.getLastModificationTime();
  Cargo = *Path;
  return Cargo;
}

Expected<std::string> CargoSetup::checkCargo() {
  Expected<ProgramOutput> Said = runAndCapture({Cargo, "--version"});
  if (!Said)
    return Said.takeError();
  StringRef Version = StringRef(Said->Output).split('\n').first;
  if (Said->Status == 0 && Version.consume_front("cargo "))
    return (Version.split(' ').first + ", " + Cargo).str();
  return makeError(DiagnosticCode::Unreadable,
                   "cargo '" + Cargo + "': 'cargo --version' fails: " +
                       StringRef(Said->Errors).split('\n').first,
                   "install Rust with rustup, or the package cargo");
}

Error CargoSetup::explainFailure(Error E) {
  Expected<std::string> Version = checkCargo();
  if (Version)
    return E;
  consumeError(std::move(E));
  return Version.takeError();
}

Expected<std::string> CargoSetup::findTargetFolder() {
  if (std::vector<std::string> Given = getCargoOption(Arguments, "target-dir");
      !Given.empty()) {
    SmallString<128> Folder(Given.back());
    if (std::error_code EC = sys::fs::make_absolute(Folder))
      return errorCodeToError(EC);
    TargetFolder = std::string(Folder);
    return TargetFolder;
  }
  std::vector<std::string> Command = {Cargo, "metadata", "--no-deps",
                                      "--format-version", "1"};
  for (StringRef Name : {"manifest-path", "config"})
    for (const std::string &Value : getCargoOption(Arguments, Name))
      Command.insert(Command.end(), {"--" + Name.str(), Value});
  Expected<ProgramOutput> Said = runAndCapture(Command);
  if (!Said)
    return Said.takeError();
  if (Said->Status != 0)
    return "";
  Expected<json::Value> Metadata = json::parse(Said->Output);
  if (!Metadata)
    return explainFailure(Metadata.takeError());
  const json::Object *Members = Metadata->getAsObject();
  TargetFolder =
      (Members ? Members->getString("target_directory") : std::nullopt)
          .value_or("")
          .str();
  return TargetFolder;
}

/// Has cargo run its rustc, with the flags it would compile with and \p Rustc,
/// for each of \p Targets; none: those of its configuration.
Expected<ProgramOutput> CargoSetup::ask(ArrayRef<StringRef> Rustc,
                                        ArrayRef<std::string> Targets) const {
  // `cargo rustc --print` is there for those who may use unstable options.
  ScopedVariable Bootstrap("RUSTC_BOOTSTRAP", "1");
  std::vector<std::string> Command = {Cargo, "rustc", "--manifest-path",
                                      Folder + "/Cargo.toml"};
  for (const std::string &Value : getCargoOption(Arguments, "config"))
    Command.insert(Command.end(), {"--config", Value});
  for (const std::string &Target : Targets)
    Command.insert(Command.end(), {"--target", Target});
  Command.insert(Command.end(), {"-Zunstable-options", "--print", "sysroot"});
  auto AskWith = [&](StringRef TargetFolder) {
    std::vector<std::string> Words = Command;
    Words.insert(Words.end(), {"--target-dir", TargetFolder.str(), "--"});
    Words.insert(Words.end(), Rustc.begin(), Rustc.end());
    return runAndCapture(Words);
  };
  // cargo keeps there what rustc told it before, and asks it no more.
  if (!TargetFolder.empty()) {
    Expected<ProgramOutput> Said = AskWith(TargetFolder);
    if (!Said || Said->Status == 0)
      return Said;
  }
  // It keeps failures as well, whose cause may be mended.
  return AskWith(Folder + "/target");
}

/// The same with \p Value in the variable \p Name.
Expected<ProgramOutput>
CargoSetup::askWith(StringRef Name, StringRef Value, ArrayRef<StringRef> Rustc,
                    ArrayRef<std::string> Targets) const {
  ScopedVariable Variable(Name, Value);
  return ask(Rustc, Targets);
}

Expected<std::string> CargoSetup::findRustc() {
  Expected<ProgramOutput> Said = ask({"-vV"});
  if (!Said)
    return Said.takeError();
  if (Said->Status != 0) {
    if (Error E = explainFailure(Error::success()))
      return E;
    errs() << Said->Errors;
    return makeError(DiagnosticCode::Unreadable,
                     "cargo cannot run its rustc; it says why above",
                     "mend what cargo names; with rustup, 'rustup show' tells "
                     "which toolchain it takes");
  }
  Expected<RustcVersion> Version =
      parseRustcVersion(Said->Output, "of cargo", "use a rustc with LLVM");
  if (!Version)
    return explainFailure(Version.takeError());
  if (!Triple(Version->Host).isOSLinux())
    return makeError(DiagnosticCode::Unreadable,
                     "this rustc is for " + Version->Host +
                         ", where it loads no plugins",
                     "build on Linux, also for other targets");
  Rustc = std::move(*Version);
  return Rustc.Release + ", LLVM " + Rustc.LLVMVersion + ", " + Rustc.Host;
}

Expected<std::string> CargoSetup::checkLLVM() const {
  Expected<ProgramOutput> Said = ask({});
  if (!Said)
    return Said.takeError();
  Expected<bool> Usable = hasUsableLLVM(StringRef(Said->Output).trim());
  if (!Usable)
    return "not known: " + toString(Usable.takeError());
  if (*Usable)
    return std::string("shared: a plugin can use it");
  return makeError(
      DiagnosticCode::Unreadable,
      "rustc " + Rustc.Release +
          " cannot load plugins: its LLVM is hidden in librustc_driver",
      Triple(Rustc.Host).isAArch64()
          ? "use the rustc of a distribution, which has a shared LLVM; "
            "rustup's for arm64 has none (rust-lang/rust#127573)"
          : "use a rustc with a shared LLVM: rustup's for x86_64, or a "
            "distribution's");
}

//===----------------------------------------------------------------------===//
// The plugin and clang
//===----------------------------------------------------------------------===//

std::string CargoSetup::findOtherCommand() const {
  // Before rustc is found it has none.
  if (Rustc.LLVMMajor == 0 || Rustc.LLVMMajor == LLVM_VERSION_MAJOR)
    return "";
  ErrorOr<std::string> Path =
      sys::findProgramByName("inline-helpers-" + utostr(Rustc.LLVMMajor));
  if (!Path || sys::fs::equivalent(*Path, getCommandPath()))
    return "";
  return *Path;
}

Expected<std::string> CargoSetup::findPlugin() {
  if (Rustc.LLVMMajor != LLVM_VERSION_MAJOR) {
    std::string Major = utostr(Rustc.LLVMMajor);
    return makeError(
        DiagnosticCode::NewerProducer,
        "rustc " + Rustc.Release + " has LLVM " + Rustc.LLVMVersion +
            ", and inline-helpers is installed for LLVM " +
            Twine(LLVM_VERSION_MAJOR) + " alone",
        "install the package inline-helpers-" + Major +
            ", or build inline-helpers with llvm-" + Major + "-dev");
  }
  Expected<std::string> Path = inline_helpers::findPlugin();
  if (!Path)
    return Path.takeError();
  Plugin = std::move(*Path);
  setenv("INLINE_HELPERS_COMMAND", getCommandPath().c_str(), /*replace=*/1);
  return Plugin;
}

Expected<std::string> CargoSetup::findClang() {
  Expected<std::string> Clang = chooseClang("");
  if (!Clang)
    return Clang.takeError();
  // Of that one the version is known, as far as it matters.
  if (*Clang == INLINE_HELPERS_LLVM_TOOLS_DIR "/clang" &&
      Rustc.LLVMMajor == LLVM_VERSION_MAJOR)
    return utostr(LLVM_VERSION_MAJOR) + ", " + *Clang;
  Expected<std::string> Version = askClangVersion(*Clang);
  if (!Version)
    return Version.takeError();
  // In a doctor's eyes it may be there where rustc is not.
  if (Rustc.LLVMMajor != 0)
    if (Error E = checkClang(*Clang, *Version, Rustc))
      return E;
  return *Version + ", " + *Clang;
}

//===----------------------------------------------------------------------===//
// Flags
//===----------------------------------------------------------------------===//

Expected<std::string> CargoSetup::allowPlugin() {
  std::optional<std::string> Value = sys::Process::GetEnv("RUSTC_BOOTSTRAP");
  if (Value == "1")
    return std::string("1, as you have set it");
  if (Value && !Value->empty())
    return makeError(DiagnosticCode::BadOption,
                     "RUSTC_BOOTSTRAP is '" + *Value +
                         "', with which rustc does not load a plugin in every "
                         "crate",
                     "set it to 1, or unset it");
  if (Rustc.isNightly())
    return "not needed: rustc " + Rustc.Release + " takes -Z";
  setenv("RUSTC_BOOTSTRAP", "1", /*replace=*/1);
  SetsBootstrap = true;
  return "set to 1 by 'cargo inline-helpers': rustc " + Rustc.Release +
         " takes -Z no other way";
}

/// Returns the targets of a build: those that are given, else those of the
/// environment or configuration; empty for the host.
static Expected<std::vector<std::string>>
findTargets(StringRef Cargo, ArrayRef<std::string> Arguments) {
  std::vector<std::string> Targets = getCargoOption(Arguments, "target");
  if (!Targets.empty())
    return Targets;
  if (std::optional<std::string> Value =
          sys::Process::GetEnv("CARGO_BUILD_TARGET");
      Value && !Value->empty())
    return std::vector<std::string>{*Value};
  ScopedVariable Bootstrap("RUSTC_BOOTSTRAP", "1");
  std::vector<std::string> Command = {
      Cargo.str(),          "config",   "get",       "build.target",
      "-Zunstable-options", "--format", "json-value"};
  for (const std::string &Value : getCargoOption(Arguments, "config"))
    Command.insert(Command.end(), {"--config", Value});
  Expected<ProgramOutput> Said = runAndCapture(Command);
  if (!Said)
    return Said.takeError();
  // Not set is an error of cargo's, too.
  if (Said->Status != 0)
    return Targets;
  Expected<json::Value> Value = json::parse(Said->Output);
  if (!Value)
    return Value.takeError();
  if (std::optional<StringRef> One = Value->getAsString())
    return std::vector<std::string>{One->str()};
  if (const json::Array *Several = Value->getAsArray())
    for (const json::Value &One : *Several)
      if (std::optional<StringRef> Target = One.getAsString())
        Targets.push_back(Target->str());
  return Targets;
}

/// The variable that adds to `target.TRIPLE.rustflags` of cargo's
/// configuration.
static std::string getTargetVariable(StringRef Target, StringRef Host) {
  // A file describes the target of its name.
  if (Target.ends_with(".json"))
    Target = sys::path::stem(Target);
  if (Target.empty() || Target == "host-tuple")
    Target = Host;
  std::string Name = ("CARGO_TARGET_" + Target + "_RUSTFLAGS").str();
  for (char &C : Name)
    C = C == '-' ? '_' : toUpper(C);
  return Name;
}

/// Says why rustc does not take the plugin, of which it says \p Errors.
Error CargoSetup::explainRefusal(StringRef Errors) const {
  if (Expected<std::string> Usable = checkLLVM(); !Usable)
    return Usable.takeError();
  errs() << Errors;
  return makeError(DiagnosticCode::Unreadable,
                   "rustc " + Rustc.Release + " does not load the plugin '" +
                       Plugin + "'; it says why above",
                   "'inline-helpers doctor' looks for the cause");
}

std::vector<std::string> CargoSetup::getFlags(StringRef Parameters) const {
  std::vector<std::string> Flags = {"-Zllvm-plugins=" + Plugin};
  if (!Parameters.empty())
    Flags.push_back(("-Cpasses=" + PassName + "<" + Parameters + ">").str());
  // RUSTC_BOOTSTRAP is for -Z: crates are not to find a nightly compiler.
  if (SetsBootstrap)
    Flags.push_back("-Zallow-features=");
  return Flags;
}

Expected<std::string> CargoSetup::addFlags(StringRef Parameters) {
  std::vector<std::string> Flags = getFlags(Parameters);
  // cargo takes flags of the first of these that is set, also if it is empty;
  // then of target.*.rustflags, if there are any, and then of build.rustflags
  // (cargo's reference, build.rustflags).
  for (auto [Name, Separator] :
       {std::pair("CARGO_ENCODED_RUSTFLAGS", "\x1f"), {"RUSTFLAGS", " "}})
    if (sys::Process::GetEnv(Name)) {
      std::string Value = appendTo(Name, Flags, Separator);
      Expected<ProgramOutput> Said = askWith(Name, Value, {});
      if (!Said)
        return Said.takeError();
      if (Said->Status != 0)
        return explainRefusal(Said->Errors);
      setenv(Name, Value.c_str(), /*replace=*/1);
      return std::string(Name);
    }

  std::vector<std::string> Marked = Flags;
  Marked.push_back("--cfg=inline_helpers_mark");
  // Which of the two it is, rustc tells: it has got the flag that marks it.
  auto Takes = [&](StringRef Name,
                   ArrayRef<std::string> Targets) -> Expected<bool> {
    Expected<ProgramOutput> Said =
        askWith(Name, appendTo(Name, Marked, " "), {"--print", "cfg"}, Targets);
    if (!Said)
      return Said.takeError();
    if (Said->Status != 0)
      return explainRefusal(Said->Errors);
    // Of several targets cargo divides the answers by an empty line.
    SmallVector<StringRef, 2> Answers;
    StringRef(Said->Output).trim().split(Answers, "\n\n");
    return all_of(Answers, [](StringRef Answer) {
      return is_contained(split(Answer, '\n'), "inline_helpers_mark");
    });
  };
  constexpr StringLiteral OfBuild = "CARGO_BUILD_RUSTFLAGS";
  std::vector<std::string> Given = getCargoOption(Arguments, "target");
  std::vector<std::string> Targets;
  std::set<std::string> Variables;
  Expected<bool> All = Takes(OfBuild, Given);
  if (!All)
    return All.takeError();
  if (*All)
    Variables.insert(OfBuild.str());
  else if (Error E = findTargets(Cargo, Arguments).moveInto(Targets))
    return E;
  else if (Targets.empty())
    Targets.push_back("");
  for (const std::string &Target : Targets) {
    bool IsAlone = Targets.size() == 1;
    std::string Name = OfBuild.str();
    Expected<bool> Taken = IsAlone ? false : Takes(Name, Target);
    if (Taken && !*Taken) {
      Name = getTargetVariable(Target, Rustc.Host);
      Taken = IsAlone ? Takes(Name, Given) : Takes(Name, Target);
    }
    if (!Taken)
      return Taken.takeError();
    if (!*Taken)
      return makeError(DiagnosticCode::BadOption,
                       "cargo gives rustc none of the flags in its "
                       "configuration",
                       "name the target with --target");
    Variables.insert(Name);
  }
  for (const std::string &Name : Variables)
    setenv(Name.c_str(), appendTo(Name, Flags, " ").c_str(), /*replace=*/1);
  return join(Variables, ", ");
}
