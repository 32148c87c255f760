//===- Doctor.cpp - inline-helpers doctor ---------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CargoSetup.h"
#include "Commands.h"
#include "Summary.h"
#include "passes/Diagnostics.h"
#include "passes/Options.h"
#include "passes/Report.h"
#include "passes/WholeFile.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <functional>

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Trial
//===----------------------------------------------------------------------===//

static constexpr StringLiteral TrialName = "inline_helpers_trial";

static constexpr StringLiteral TrialHelper = R"(
unsigned inline_helpers_trial(unsigned x) { return x + 1; }
)";

static constexpr StringLiteral TrialCrate = R"(#![no_std]
extern "C" { fn inline_helpers_trial(x: u32) -> u32; }
#[no_mangle]
pub fn trial(x: u32) -> u32 { unsafe { inline_helpers_trial(x) } }
)";

static Error trialFails(StringRef Errors, const Twine &What) {
  errs() << Errors;
  return makeError(DiagnosticCode::Leftover, "the trial fails: " + What,
                   "report it with what stands above");
}

/// Compiles a helper, and a crate that calls it, in the empty package of
/// \p Setup, and looks whether it was inlined.
static Expected<std::string> tryOut(CargoSetup &Setup) {
  std::string Folder = Setup.emptyPackage().str();
  std::string Library = Folder + "/helpers.bc", Reports = Folder + "/reports";
  for (auto [Name, Text] :
       {std::pair("/helpers.c", TrialHelper), {"/lib.rs", TrialCrate}})
    if (Error E = writeWholeFile(Folder + Name, Text))
      return E;
  Expected<ProgramOutput> Compiled =
      runAndCapture({getCommandPath(), "compile", "-o", Library,
                     Folder + "/helpers.c", "--", "-O2"});
  if (!Compiled)
    return Compiled.takeError();
  if (Compiled->Status != 0)
    return trialFails(Compiled->Errors, "a helper cannot be compiled");

  Setup.buildFor(Setup.rustc().Host);
  Expected<std::string> Variables =
      Setup.addFlags("report=" + percentEncode(Reports));
  if (!Variables)
    return Variables.takeError();
  std::string Parameters = "library=" + percentEncode(Library);
  setenv("INLINE_HELPERS", Parameters.c_str(), /*replace=*/1);
  Expected<ProgramOutput> Built = runAndCapture(
      {Setup.cargo().str(), "build", "--manifest-path", Folder + "/Cargo.toml",
       "--target-dir", Folder + "/target", "--target", Setup.rustc().Host});
  if (!Built)
    return Built.takeError();
  if (Built->Status != 0)
    return trialFails(Built->Errors, "a crate cannot be compiled");
  Expected<std::vector<Report>> Said = readReports(Reports);
  if (!Said) {
    consumeError(Said.takeError());
    return trialFails(Built->Errors, "the plugin did not run");
  }
  for (const Report &R : *Said)
    for (const HelperRecord &Helper : R.Record.Helpers)
      if (Helper.Name == TrialName && Helper.InlinedCalls == 1)
        return std::string("a helper was inlined");
  return trialFails(Built->Errors, "the helper was not inlined");
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

Expected<int> inline_helpers::examineSetup() {
  CargoSetup Setup({});
  struct Step {
    StringLiteral Name;
    std::function<Expected<std::string>()> Take;
    bool NeedsOthers; ///< Of no use where a step before it has failed.
  };
  const Step Steps[] = {
      {"cargo",
       [&] {
         Expected<std::string> Path = Setup.findCargo();
         return Path ? Setup.checkCargo() : std::move(Path);
       },
       false},
      {"rustc", [&] { return Setup.findRustc(); }, true},
      {"LLVM of rustc", [&] { return Setup.checkLLVM(); }, true},
      {"plugin", [&] { return Setup.findPlugin(); }, true},
      {"clang", [&] { return Setup.findClang(); }, false},
      {"RUSTC_BOOTSTRAP", [&] { return Setup.allowPlugin(); }, true},
      {"trial", [&] { return tryOut(Setup); }, true}};
  std::vector<std::vector<std::string>> Rows = {
      {"WHAT", "FOUND"},
      {"inline-helpers",
       std::string(INLINE_HELPERS_VERSION ", LLVM " LLVM_VERSION_STRING ", ") +
           getCommandPath()}};
  Error Problems = Error::success();
  bool Failed = false;
  for (const Step &S : Steps) {
    if (Failed && S.NeedsOthers) {
      Rows.push_back({S.Name.str(), "not looked at"});
      continue;
    }
    Expected<std::string> Found = S.Take();
    Rows.push_back({S.Name.str(), Found ? *Found : "see the error"});
    if (std::string Other = Setup.findOtherCommand(); !Other.empty()) {
      consumeError(std::move(Problems));
      return runToEnd(Other, {Other, "doctor"});
    }
    if (!Found) {
      Failed = true;
      Problems = joinErrors(std::move(Problems), Found.takeError());
    }
  }
  printTable(outs(), Rows);
  outs().flush();
  if (Problems)
    return Problems;
  return 0;
}
