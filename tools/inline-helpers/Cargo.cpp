//===- Cargo.cpp - cargo inline-helpers -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a cargo command so that rustc loads the plugin. Reports are below the
// target folder, beside what they tell of, so that `cargo clean` removes both:
//
//   target/release/inline-helpers/    the reports of a profile
//   target/inline-helpers             a link to those of the last build
//
//===----------------------------------------------------------------------===//

#include "CargoSetup.h"
#include "Commands.h"
#include "passes/Diagnostics.h"
#include "passes/Options.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral ReportFolderName = "inline-helpers";

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

/// Returns the folder of reports in \p TargetFolder for a build with
/// \p Arguments: cargo divides what it makes by target and profile, too.
static std::string findReportFolder(StringRef TargetFolder,
                                    ArrayRef<std::string> Arguments) {
  SmallString<128> Folder(TargetFolder);
  std::vector<std::string> Targets = getCargoOption(Arguments, "target");
  if (Targets.size() == 1)
    sys::path::append(Folder, sys::path::filename(Targets.front()));
  std::vector<std::string> Profiles = getCargoOption(Arguments, "profile");
  ArrayRef<std::string> Options =
      Arguments.take_until([](StringRef A) { return A == "--"; });
  StringRef Profile = "debug";
  if (!Profiles.empty())
    Profile = StringSwitch<StringRef>(Profiles.back())
                  .Case("dev", "debug")
                  .Case("test", "debug")
                  .Case("bench", "release")
                  .Default(Profiles.back());
  else if (is_contained({"bench", "install"}, Arguments.front()) ||
           is_contained(Options, "--release") || is_contained(Options, "-r"))
    Profile = "release";
  sys::path::append(Folder, Profile, ReportFolderName);
  return std::string(Folder);
}

/// Removes from \p Folder what crates that were compiled since \p Began have
/// left there before: a unit that is no longer in the crate. Where units are
/// compiled one by one (incremental), one that is older may be as good as new.
static void removeOldReports(StringRef Folder, sys::TimePoint<> Began) {
  struct File {
    std::string Path;
    bool IsNew;
  };
  StringMap<std::vector<File>> Crates;
  std::error_code EC;
  for (sys::fs::directory_iterator I(Folder, EC), End; !EC && I != End;
       I.increment(EC)) {
    // rustc's name of a unit: CRATE.HASH-cgu.NUMBER
    StringRef Name = sys::path::filename(I->path());
    auto [Crate, Rest] = Name.split("-cgu.");
    ErrorOr<sys::fs::basic_file_status> Status = I->status();
    if (Rest.empty() || !Status)
      continue;
    Crates[(Crate + (Name.ends_with("-lto.json") ? " lto" : "")).str()]
        .push_back({I->path(), Status->getLastModificationTime() >= Began});
  }
  for (const auto &[Crate, Files] : Crates)
    if (any_of(Files, [](const File &F) { return F.IsNew; }))
      for (const File &F : Files)
        if (!F.IsNew)
          sys::fs::remove(F.Path);
}

/// Makes \p TargetFolder/inline-helpers a link to \p Folder.
static Error linkLastReport(StringRef TargetFolder, StringRef Folder) {
  SmallString<128> Link(TargetFolder), Temporary;
  sys::path::append(Link, ReportFolderName);
  StringRef Inside = Folder;
  Inside.consume_front(TargetFolder);
  sys::fs::createUniquePath(Link + "-%%%%%%%%", Temporary,
                            /*MakeAbsolute=*/false);
  std::error_code EC = sys::fs::create_link(Inside.ltrim('/'), Temporary);
  if (!EC)
    EC = sys::fs::rename(Temporary, Link);
  if (!EC)
    return Error::success();
  sys::fs::remove(Temporary);
  return makeError(DiagnosticCode::Unwritable,
                   "cannot make the link '" + Link + "': " + EC.message(),
                   "remove what is there");
}

Expected<std::string> inline_helpers::findCargoReports() {
  CargoSetup Setup({});
  if (Expected<std::string> Cargo = Setup.findCargo(); !Cargo)
    return Cargo.takeError();
  Expected<std::string> TargetFolder = Setup.findTargetFolder();
  if (!TargetFolder)
    return TargetFolder.takeError();
  SmallString<128> Reports(*TargetFolder);
  sys::path::append(Reports, ReportFolderName);
  if (!TargetFolder->empty() && sys::fs::exists(Reports))
    return std::string(Reports);
  return Setup.explainFailure(makeError(
      DiagnosticCode::Unreadable,
      TargetFolder->empty() ? Twine("there is no cargo package in this folder")
                            : "there is no report in '" + *TargetFolder + "'",
      "build the package with 'cargo inline-helpers build', and "
      "ask in its folder"));
}

//===----------------------------------------------------------------------===//
// Build
//===----------------------------------------------------------------------===//

Expected<int> inline_helpers::buildWithCargo(ArrayRef<std::string> Arguments,
                                             StringRef Parameters) {
  CargoSetup Setup(Arguments);
  for (auto Step : {&CargoSetup::findCargo, &CargoSetup::findTargetFolder,
                    &CargoSetup::findRustc})
    if (Expected<std::string> Found = (Setup.*Step)(); !Found)
      return Found.takeError();
  if (std::string Other = Setup.findOtherCommand(); !Other.empty()) {
    std::vector<std::string> Words = {Other, "cargo"};
    SmallVector<StringRef, 4> Options;
    SplitString(Parameters, Options, ";");
    for (StringRef Option : Options)
      Words.push_back(("--" + Option).str());
    Words.push_back("--");
    Words.insert(Words.end(), Arguments.begin(), Arguments.end());
    return runToEnd(Other, Words);
  }
  for (auto Step : {&CargoSetup::findPlugin, &CargoSetup::findClang,
                    &CargoSetup::allowPlugin})
    if (Expected<std::string> Found = (Setup.*Step)(); !Found)
      return Found.takeError();

  std::string Reports, All = Parameters.str();
  if (!Setup.targetFolder().empty()) {
    Reports = findReportFolder(Setup.targetFolder(), Arguments);
    All += (All.empty() ? "" : ";") + ("report=" + percentEncode(Reports));
  }
  if (Expected<std::string> Variables = Setup.addFlags(All); !Variables)
    return Variables.takeError();
  if (Setup.setsBootstrap())
    WithColor::note() << "RUSTC_BOOTSTRAP=1 is set: rustc "
                      << Setup.rustc().Release
                      << " is not nightly, and takes no plugin without\n";

  Setup.removeEmptyPackage();
  std::vector<std::string> Command = {"cargo"};
  Command.insert(Command.end(), Arguments.begin(), Arguments.end());
  Expected<int> Status = runToEnd(Setup.cargo(), Command);
  if (Status && sys::fs::exists(Reports)) {
    removeOldReports(Reports, Setup.began());
    if (Error E = linkLastReport(Setup.targetFolder(), Reports))
      return E;
  }
  return Status;
}

Error inline_helpers::printCargoConfiguration(StringRef Parameters) {
  // The lines are for builds without it.
  unsetenv("RUSTC_BOOTSTRAP");
  CargoSetup Setup({});
  for (auto Step : {&CargoSetup::findCargo, &CargoSetup::checkCargo,
                    &CargoSetup::findRustc})
    if (Expected<std::string> Found = (Setup.*Step)(); !Found)
      return Found.takeError();
  if (std::string Other = Setup.findOtherCommand(); !Other.empty())
    return makeError(DiagnosticCode::NewerProducer,
                     "rustc " + Setup.rustc().Release + " has LLVM " +
                         Setup.rustc().LLVMVersion +
                         ", and this command is "
                         "for LLVM " +
                         Twine(LLVM_VERSION_MAJOR),
                     "give the same options to '" + Other + "'");
  for (auto Step : {&CargoSetup::findPlugin, &CargoSetup::allowPlugin})
    if (Expected<std::string> Found = (Setup.*Step)(); !Found)
      return Found.takeError();
  // A string of JSON is one of TOML. The tables make a second pair of them an
  // error, wherever in the file these lines are.
  raw_ostream &OS = outs();
  OS << "[build]\nrustflags = "
     << formatv("{0}", json::Value(Setup.getFlags(Parameters)))
     << "\n\n[env]\n";
  if (!Setup.rustc().isNightly())
    OS << "RUSTC_BOOTSTRAP = \"1\"\n";
  OS << "INLINE_HELPERS_COMMAND = "
     << formatv("{0}", json::Value(getCommandPath())) << '\n';
  return Error::success();
}
