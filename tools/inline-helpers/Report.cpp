//===- Report.cpp - inline-helpers report ---------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Summary.h"
#include "passes/Diagnostics.h"
#include "passes/WholeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Read
//===----------------------------------------------------------------------===//

static constexpr StringLiteral ReportHelp =
    "compile with report=DIR, and name that folder";

static Expected<Report> readReport(StringRef Path) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer =
      readWholeFile(Path, "report", "remove it, and compile its crate again");
  if (!Buffer)
    return Buffer.takeError();
  return parseReport((*Buffer)->getBuffer(), Path);
}

Expected<std::vector<Report>> inline_helpers::readReports(StringRef Directory) {
  std::vector<std::string> Paths;
  std::error_code EC;
  for (sys::fs::directory_iterator I(Directory, EC), End; !EC && I != End;
       I.increment(EC))
    if (StringRef(I->path()).ends_with(".json"))
      Paths.push_back(I->path());
  if (EC)
    return makeError(DiagnosticCode::Unreadable,
                     "cannot read folder '" + Directory + "': " + EC.message(),
                     ReportHelp);
  if (Paths.empty())
    return makeError(DiagnosticCode::Unreadable,
                     "folder '" + Directory + "' has no report in it",
                     ReportHelp);
  llvm::sort(Paths);
  std::vector<Report> Reports;
  for (StringRef Path : Paths) {
    Expected<Report> R = readReport(Path);
    if (!R)
      return R.takeError();
    Reports.push_back(std::move(*R));
  }
  return Reports;
}

//===----------------------------------------------------------------------===//
// Merge
//===----------------------------------------------------------------------===//

unsigned Row::leftCalls() const {
  unsigned Calls = 0;
  for (const LeftCalls &Left : Helper.Left)
    Calls = SaturatingAdd(Calls, Left.Count);
  return Calls;
}

std::map<StringRef, unsigned> Row::reasons() const {
  std::map<StringRef, unsigned> Result;
  for (const LeftCalls &Left : Helper.Left) {
    unsigned &Calls = Result[getReasonName(Left.Why.Reason)];
    Calls = SaturatingAdd(Calls, Left.Count);
  }
  return Result;
}

/// Adds to \p Into what another unit of its crate says of the same helper.
static void mergeHelper(HelperRecord &Into, const HelperRecord &From,
                        bool WithLeft) {
  Into.Imported |= From.Imported;
  Into.InlinedCalls = SaturatingAdd(Into.InlinedCalls, From.InlinedCalls);
  Into.CopyRemains |= From.CopyRemains;
  for (const std::string &Warning : From.Warnings)
    if (!is_contained(Into.Warnings, Warning))
      Into.Warnings.push_back(Warning);
  if (!WithLeft)
    return;
  for (const LeftCalls &Left : From.Left) {
    auto Same = find_if(Into.Left, [&](const LeftCalls &L) {
      return L.Why == Left.Why && L.Caller == Left.Caller &&
             L.Location == Left.Location;
    });
    if (Same == Into.Left.end())
      Into.Left.push_back(Left);
    else
      Same->Count = SaturatingAdd(Same->Count, Left.Count);
  }
}

namespace {
/// Measures each library once, whatever paths it has.
class Measures {
public:
  explicit Measures(std::vector<std::string> &Notes) : Notes(Notes) {}

  /// Returns the size of \p Helper of a unit that \p R tells of.
  std::optional<uint64_t> get(const Report &R, const HelperRecord &Helper) {
    auto Library = find_if(R.Record.Libraries, [&](const LibraryRecord &L) {
      return L.Path == Helper.Library;
    });
    if (Library == R.Record.Libraries.end())
      return std::nullopt;
    SmallString<128> Path;
    if (!sys::path::is_absolute(Library->Path))
      Path = R.Directory;
    sys::path::append(Path, Library->Path);
    auto [It, New] = Known.try_emplace({std::string(Path), Library->Digest});
    if (New) {
      Expected<StringMap<uint64_t>> Sizes =
          measureCode({std::string(Path), Library->Digest});
      if (Sizes)
        It->second = std::move(*Sizes);
      else
        addNote(Path, Sizes.takeError());
    }
    auto Size = It->second.find(Helper.Name);
    return Size == It->second.end() ? std::nullopt
                                    : std::optional<uint64_t>(Size->second);
  }

private:
  void addNote(StringRef Path, Error E) {
    std::string Why = "library '" + Path.str() + "' has changed since";
    handleAllErrors(
        std::move(E),
        [&](const HelperError &Info) {
          if (Info.code() != DiagnosticCode::WrongDigest)
            Why = Info.what().str();
        },
        [&](const ErrorInfoBase &Info) { Why = Info.message(); });
    Notes.push_back("no bytes: " + Why);
  }

  std::vector<std::string> &Notes;
  std::map<std::pair<std::string, std::string>, StringMap<uint64_t>> Known;
};
} // namespace

static Summary summarize(ArrayRef<Report> Reports) {
  Summary S;
  // What stays a call in a unit does so again where units are linked with LTO.
  StringSet<> SaidBeforeLTO;
  StringSet<> Crates;
  for (const Report &R : Reports) {
    Crates.insert(R.Crate);
    if (!R.Record.AtLTO)
      for (const HelperRecord &Helper : R.Record.Helpers)
        SaidBeforeLTO.insert(Helper.Name);
  }
  Measures Sizes(S.Notes);
  std::map<std::pair<StringRef, StringRef>, Row> Rows;
  for (const Report &R : Reports)
    for (const HelperRecord &Helper : R.Record.Helpers) {
      bool WithLeft = !R.Record.AtLTO || !SaidBeforeLTO.contains(Helper.Name);
      if (!WithLeft && !Helper.Imported)
        continue;
      Row &Current = Rows[{Helper.Name, R.Crate}];
      Current.Helper.Name = Helper.Name;
      Current.Crate = R.Crate;
      mergeHelper(Current.Helper, Helper, WithLeft);
      if (!Current.Bytes)
        Current.Bytes = Sizes.get(R, Helper);
    }
  S.Crates = Crates.size();
  std::map<StringRef, StringRef> Statuses;
  for (auto &[Key, Current] : Rows) {
    StringRef Status = getStatus(Current.Helper);
    auto [It, New] = Statuses.try_emplace(Key.first, Status);
    if (!New && It->second != Status)
      It->second = "partly";
    S.InlinedCalls += Current.Helper.InlinedCalls;
    for (auto [Reason, Calls] : Current.reasons()) {
      S.Reasons[Reason] += Calls;
      S.LeftCalls += Calls;
    }
  }
  for (auto [Name, Status] : Statuses)
    ++S.Statuses[Status];
  S.Helpers = Statuses.size();
  for (auto &[Key, Current] : Rows)
    S.Rows.push_back(std::move(Current));
  return S;
}

//===----------------------------------------------------------------------===//
// Print
//===----------------------------------------------------------------------===//

static std::string plural(uint64_t Count, const char *Word) {
  return formatv("{0} {1}{2}", Count, Word, Count == 1 ? "" : "s");
}

template <typename T>
static std::string joinReasons(const std::map<StringRef, T> &Reasons) {
  std::vector<std::string> Texts;
  for (auto [Reason, Calls] : Reasons)
    Texts.push_back(Reasons.size() == 1
                        ? Reason.str()
                        : formatv("{0} {1}", Reason, Calls).str());
  return join(Texts, ", ");
}

static void printRows(raw_ostream &OS, ArrayRef<const Row *> Rows) {
  std::vector<std::vector<std::string>> Cells = {
      {"HELPER", "CRATE", "STATUS", "INLINED", "LEFT", "BYTES", "WHY"}};
  for (const Row *R : Rows)
    Cells.push_back({R->Helper.Name, R->Crate, getStatus(R->Helper).str(),
                     std::to_string(R->Helper.InlinedCalls),
                     std::to_string(R->leftCalls()),
                     R->Bytes ? std::to_string(*R->Bytes) : "-",
                     R->Helper.CopyRemains && R->Helper.Left.empty()
                         ? "a copy remains"
                         : joinReasons(R->reasons())});
  printTable(OS, Cells, /*Numbers=*/{3, 4, 5});
}

static void printTotals(raw_ostream &OS, const Summary &S) {
  OS << plural(S.Helpers, "helper") << " in " << plural(S.Crates, "crate")
     << ": ";
  ListSeparator LS;
  for (StringRef Status : {"imported", "partly", "left"})
    if (auto It = S.Statuses.find(Status); It != S.Statuses.end())
      OS << LS << It->second << ' ' << Status;
  if (S.Statuses.empty())
    OS << "none is wanted";
  OS << "; " << plural(S.InlinedCalls, "call") << " inlined, " << S.LeftCalls
     << " left";
  if (!S.Reasons.empty())
    OS << " (" << joinReasons(S.Reasons)
       << "; see 'inline-helpers explain REASON')";
  OS << '\n';
  for (const Row &R : S.Rows)
    for (const std::string &Warning : R.Helper.Warnings)
      OS << "warning: '" << R.Helper.Name << "' in crate '" << R.Crate << "' "
         << Warning << '\n';
  for (const std::string &Note : S.Notes)
    OS << "note: " << Note << '\n';
}

static void printText(raw_ostream &OS, const Summary &S) {
  std::vector<const Row *> Rows;
  for (const Row &R : S.Rows)
    Rows.push_back(&R);
  printRows(OS, Rows);
  OS << '\n';
  printTotals(OS, S);
}

static void printJSON(raw_ostream &OS, const Summary &S) {
  json::OStream J(OS, /*IndentSize=*/2);
  J.object([&] {
    J.attribute("version", ReportVersion);
    J.attributeObject("totals", [&] {
      J.attribute("crates", S.Crates);
      J.attribute("helpers", S.Helpers);
      for (StringRef Status : {"imported", "partly", "left"}) {
        auto It = S.Statuses.find(Status);
        J.attribute(Status, It == S.Statuses.end() ? 0 : It->second);
      }
      J.attribute("calls_inlined", S.InlinedCalls);
      J.attribute("calls_left", S.LeftCalls);
      J.attributeObject("reasons", [&] {
        for (auto [Reason, Calls] : S.Reasons)
          J.attribute(Reason, Calls);
      });
    });
    J.attributeArray("helpers", [&] {
      for (const Row &R : S.Rows)
        J.object([&] {
          J.attribute("name", R.Helper.Name);
          J.attribute("crate", R.Crate);
          J.attribute("status", getStatus(R.Helper));
          J.attribute("inlined", R.Helper.InlinedCalls);
          J.attribute("copy", R.Helper.CopyRemains);
          J.attribute("bytes", json::toJSON(R.Bytes));
          writeLeft(J, R.Helper);
        });
    });
    J.attributeArray("notes", [&] {
      for (const std::string &Note : S.Notes)
        J.value(json::fixUTF8(Note));
    });
  });
  OS << '\n';
}

Error inline_helpers::report(StringRef Directory, StringRef Format,
                             StringRef Output) {
  Expected<std::vector<Report>> Reports = readReports(Directory);
  if (!Reports)
    return Reports.takeError();
  Summary S = summarize(*Reports);
  std::string Text;
  raw_string_ostream OS(Text);
  if (Format == "json")
    printJSON(OS, S);
  else if (Format == "html")
    printPage(OS, S);
  else
    printText(OS, S);
  return writeWholeFile(Output.empty() ? "-" : Output, OS.str());
}

Error inline_helpers::reportLeftover(StringRef Directory) {
  // With the totals, what a terminal of 24 lines shows.
  constexpr size_t MostRows = 16;
  Expected<std::vector<Report>> Reports = readReports(Directory);
  if (!Reports)
    return Reports.takeError();
  Summary S = summarize(*Reports);
  std::vector<const Row *> Left;
  for (const Row &R : S.Rows)
    if (!R.Helper.Left.empty())
      Left.push_back(&R);
  ArrayRef<const Row *> Shown = ArrayRef(Left).take_front(MostRows);
  raw_ostream &OS = outs();
  OS << '\n';
  if (!Shown.empty()) {
    printRows(OS, Shown);
    if (Shown.size() < Left.size())
      OS << "... and " << Left.size() - Shown.size() << " more\n";
    OS << '\n';
  }
  printTotals(OS, S);
  OS << "all of them: inline-helpers report ";
  sys::printArg(OS, Directory, /*Quote=*/false);
  OS << '\n';
  return Error::success();
}
