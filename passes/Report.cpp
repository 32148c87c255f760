//===- Report.cpp - What became of each helper, as a file -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Report.h"
#include "passes/Diagnostics.h"
#include "passes/WholeFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <limits>

using namespace llvm;
using namespace inline_helpers;

std::string inline_helpers::getCrateName(StringRef Module) {
  auto [Crate, Unit] = Module.split('.');
  if (!Crate.empty() && Unit.contains("-cgu."))
    return Crate.str();
  const char *Cargo = std::getenv("CARGO_CRATE_NAME");
  return Cargo && *Cargo ? Cargo : Module.str();
}

StringRef inline_helpers::getStatus(const HelperRecord &Helper) {
  if (!Helper.Imported)
    return "left";
  return Helper.Left.empty() ? "imported" : "partly";
}

//===----------------------------------------------------------------------===//
// To JSON
//===----------------------------------------------------------------------===//

void inline_helpers::writeLeft(json::OStream &J, const HelperRecord &Helper) {
  J.attributeArray("left", [&] {
    for (const LeftCalls &Left : Helper.Left)
      J.object([&] {
        J.attribute("reason", getReasonName(Left.Why.Reason));
        J.attribute("detail", json::fixUTF8(Left.Why.Detail));
        J.attribute("caller", json::fixUTF8(Left.Caller));
        J.attribute("location", json::fixUTF8(Left.Location));
        J.attribute("calls", Left.Count);
      });
  });
  J.attributeArray("warnings", [&] {
    for (const std::string &Warning : Helper.Warnings)
      J.value(json::fixUTF8(Warning));
  });
}

std::string inline_helpers::formatReport(const Report &R) {
  std::string Text;
  raw_string_ostream OS(Text);
  json::OStream J(OS, /*IndentSize=*/2);
  J.object([&] {
    J.attribute("version", ReportVersion);
    J.attributeObject("producer", [&] {
      J.attribute("inline-helpers", INLINE_HELPERS_VERSION);
      J.attribute("llvm", LLVM_VERSION_STRING);
    });
    J.attribute("crate", json::fixUTF8(R.Crate));
    J.attribute("module", json::fixUTF8(R.Record.Module));
    J.attribute("lto", R.Record.AtLTO);
    J.attribute("directory", json::fixUTF8(R.Directory));
    J.attributeArray("libraries", [&] {
      for (const LibraryRecord &Library : R.Record.Libraries)
        J.object([&] {
          J.attribute("path", json::fixUTF8(Library.Path));
          J.attribute("sha256", Library.Digest);
        });
    });
    J.attributeArray("helpers", [&] {
      for (const HelperRecord &Helper : R.Record.Helpers)
        J.object([&] {
          J.attribute("name", json::fixUTF8(Helper.Name));
          J.attribute("library", json::fixUTF8(Helper.Library));
          J.attribute("status", getStatus(Helper));
          J.attribute("imported", Helper.Imported);
          J.attribute("inlined", Helper.InlinedCalls);
          J.attribute("copy", Helper.CopyRemains);
          writeLeft(J, Helper);
        });
    });
  });
  OS << '\n';
  return OS.str();
}

//===----------------------------------------------------------------------===//
// From JSON
//===----------------------------------------------------------------------===//

/// LLVM's parser and the values it makes recurse into what is nested; a report
/// is nested five deep.
static constexpr unsigned DepthLimit = 64;

/// Returns true if \p JSON nests arrays and objects too deep to be parsed.
static bool isTooDeep(StringRef JSON) {
  unsigned Depth = 0;
  bool InString = false;
  for (size_t I = 0; I < JSON.size(); ++I) {
    char C = JSON[I];
    if (C == '"')
      InString = !InString;
    else if (InString)
      I += C == '\\';
    else if ((C == '[' || C == '{') && ++Depth > DepthLimit)
      return true;
    else if ((C == ']' || C == '}') && Depth != 0)
      --Depth;
  }
  return false;
}

/// LLVM 19 has no fromJSON for unsigned.
static bool mapCount(json::ObjectMapper &O, StringLiteral Name, unsigned &Out,
                     json::Path P) {
  int64_t Number;
  if (!O.map(Name, Number))
    return false;
  if (Number < 0 || Number > std::numeric_limits<unsigned>::max()) {
    P.field(Name).report("expected a count");
    return false;
  }
  Out = static_cast<unsigned>(Number);
  return true;
}

// ObjectMapper finds these by the namespace of their second parameter.
namespace inline_helpers {

static bool fromJSON(const json::Value &V, LeftReason &Out, json::Path P) {
  std::optional<LeftReason> Reason =
      StringSwitch<std::optional<LeftReason>>(V.getAsString().value_or(""))
#define REASON(Enumerator, Name, ...) .Case(Name, LeftReason::Enumerator)
#include "passes/Reasons.def"
          .Default(std::nullopt);
  if (!Reason) {
    P.report("expected a reason of this version");
    return false;
  }
  Out = *Reason;
  return true;
}

static bool fromJSON(const json::Value &V, LeftCalls &Out, json::Path P) {
  json::ObjectMapper O(V, P);
  return O && O.map("reason", Out.Why.Reason) &&
         O.map("detail", Out.Why.Detail) && O.map("caller", Out.Caller) &&
         O.map("location", Out.Location) && mapCount(O, "calls", Out.Count, P);
}

static bool fromJSON(const json::Value &V, HelperRecord &Out, json::Path P) {
  json::ObjectMapper O(V, P);
  return O && O.map("name", Out.Name) && O.map("library", Out.Library) &&
         O.map("imported", Out.Imported) &&
         mapCount(O, "inlined", Out.InlinedCalls, P) &&
         O.map("copy", Out.CopyRemains) && O.map("left", Out.Left) &&
         O.map("warnings", Out.Warnings);
}

static bool fromJSON(const json::Value &V, LibraryRecord &Out, json::Path P) {
  json::ObjectMapper O(V, P);
  return O && O.map("path", Out.Path) && O.map("sha256", Out.Digest);
}

static bool fromJSON(const json::Value &V, Report &Out, json::Path P) {
  json::ObjectMapper O(V, P);
  return O && O.map("crate", Out.Crate) && O.map("module", Out.Record.Module) &&
         O.map("lto", Out.Record.AtLTO) && O.map("directory", Out.Directory) &&
         O.map("libraries", Out.Record.Libraries) &&
         O.map("helpers", Out.Record.Helpers);
}

} // namespace inline_helpers

static Error badReport(StringRef Path, const Twine &Why) {
  return makeError(DiagnosticCode::BadReport, "report '" + Path + "': " + Why,
                   "remove it, and compile its crate again");
}

/// Refuses \p V if another version of inline-helpers wrote it in a newer form.
static Error checkVersion(const json::Value &V, StringRef Path) {
  const json::Object *O = V.getAsObject();
  std::optional<int64_t> Version = O ? O->getInteger("version") : std::nullopt;
  if (!Version)
    return badReport(Path, "it has no version, so it is no report");
  if (*Version == ReportVersion)
    return Error::success();
  const json::Object *Producer = O->getObject("producer");
  StringRef By =
      Producer ? Producer->getString("inline-helpers").value_or("") : "";
  return makeError(DiagnosticCode::BadReport,
                   "report '" + Path + "' is of version " + Twine(*Version) +
                       ", and this inline-helpers reads version " +
                       Twine(ReportVersion),
                   "read it with the inline-helpers that wrote it" +
                       (By.empty() ? Twine() : ", " + By));
}

Expected<Report> inline_helpers::parseReport(StringRef JSON, StringRef Path) {
  if (isTooDeep(JSON))
    return badReport(Path, "it is nested too deep to be a report");
  Expected<json::Value> V = json::parse(JSON);
  if (!V)
    return badReport(Path, "it is not JSON: " + toString(V.takeError()));
  if (Error E = checkVersion(*V, Path))
    return E;
  json::Path::Root Root("report");
  Report Result;
  if (!fromJSON(*V, Result, Root))
    return badReport(Path, toString(Root.getError()));
  return Result;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

/// Returns a name that any file system takes and no other module has: what of
/// the identifier is plain, and a digest of it and of where it was compiled.
/// rustc's crates of one name and no metadata have one identifier.
static std::string getFileName(const Report &R) {
  std::string Name;
  for (char C : StringRef(R.Record.Module).take_front(100))
    Name += isAlnum(C) || StringRef("._-").contains(C) ? C : '_';
  if (StringRef(Name).starts_with("."))
    Name.front() = '_';
  std::string Identity = R.Directory + '\0' + R.Record.Module;
  return Name + "-" + getDigest(Identity).substr(0, 12) +
         (R.Record.AtLTO ? "-lto.json" : ".json");
}

Error inline_helpers::writeReport(StringRef Directory,
                                  const ImportRecord &Record) {
  constexpr StringLiteral Help = "name a folder that can be written with "
                                 "report=DIR";
  if (std::error_code EC = sys::fs::create_directories(Directory))
    return makeError(DiagnosticCode::Unwritable,
                     "cannot make the folder '" + Directory +
                         "' for reports: " + EC.message(),
                     Help);
  SmallString<128> Current;
  // Without it relative paths stay as they are.
  (void)sys::fs::current_path(Current);
  Report R{Record, getCrateName(Record.Module), std::string(Current)};
  SmallString<128> Path(Directory);
  sys::path::append(Path, getFileName(R));
  return writeWholeFile(Path, formatReport(R), Help);
}
