//===- ReportTest.cpp -----------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Report.h"
#include "Testing.h"
#include "llvm/Support/Path.h"
#include <csignal>
#include <sys/resource.h>
#include <thread>

using namespace llvm;
using namespace inline_helpers;

/// A record in which every member has a value of its own.
static ImportRecord makeRecord() {
  ImportRecord Record;
  Record.Module = "rnull.c90c65e954db9b8c-cgu.3";
  Record.Libraries = {{"rust/helpers.bc", std::string(64, 'a')},
                      {"\"odd\"\n\xc3\xa9.bc", std::string(64, 'b')}};
  HelperRecord Imported;
  Imported.Name = "rust_helper_spin_lock";
  Imported.Library = "rust/helpers.bc";
  Imported.Imported = true;
  Imported.InlinedCalls = 4294967295;
  Imported.CopyRemains = true;
  Imported.Warnings = {"becomes unreachable in 'f'"};
  HelperRecord Stays;
  Stays.Name = "rust_helper_errname";
  Stays.Library = Record.Libraries[1].Path;
  Stays.Left = {{{LeftReason::NoInline, "why"}, "caller", "src/main.rs:3:5", 2},
                {{LeftReason::VarArgs, ""}, "", "", 0}};
  Record.Helpers = {Imported, Stays};
  return Record;
}

static Report makeReport() { return {makeRecord(), "rnull", "/build/linux"}; }

/// Returns the text of the error for a report that \p JSON is.
static std::string errorOf(StringRef JSON) {
  Expected<Report> R = parseReport(JSON, "x.json");
  if (R)
    return "no error";
  std::string Text;
  EXPECT_EQ(take(R.takeError(), Text), DiagnosticCode::BadReport);
  return Text;
}

/// Returns the report of makeReport with \p From replaced by \p To.
static std::string change(StringRef From, StringRef To) {
  std::string Text = formatReport(makeReport());
  size_t Position = Text.find(From.str());
  EXPECT_NE(Position, std::string::npos) << From.str();
  if (Position != std::string::npos)
    Text.replace(Position, From.size(), To.str());
  return Text;
}

namespace {
/// A folder that lives as long as its object.
class TemporaryFolder {
public:
  TemporaryFolder() {
    EXPECT_FALSE(sys::fs::createUniqueDirectory("inline-helpers", Path));
  }
  ~TemporaryFolder() { sys::fs::remove_directories(Path); }

  std::string path(StringRef Name = "") const {
    SmallString<128> Result(Path);
    sys::path::append(Result, Name);
    return std::string(Result);
  }

  /// The names in the folder \p Name of this one.
  std::vector<std::string> list(StringRef Name = "") const {
    std::vector<std::string> Names;
    std::error_code EC;
    for (sys::fs::directory_iterator I(path(Name), EC), E; I != E && !EC;
         I.increment(EC))
      Names.push_back(sys::path::filename(I->path()).str());
    EXPECT_FALSE(EC) << EC.message();
    llvm::sort(Names);
    return Names;
  }

private:
  SmallString<128> Path;
};
} // namespace

static std::string read(StringRef Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Path);
  EXPECT_TRUE(Buffer) << Path.str();
  return Buffer ? (*Buffer)->getBuffer().str() : "";
}

TEST(Report, RoundTrip) {
  Report R = OrExit(parseReport(formatReport(makeReport()), "x.json"));
  EXPECT_EQ(R.Crate, "rnull");
  EXPECT_EQ(R.Directory, "/build/linux");
  EXPECT_EQ(R.Record.Module, "rnull.c90c65e954db9b8c-cgu.3");
  EXPECT_FALSE(R.Record.AtLTO);
  ASSERT_EQ(R.Record.Libraries.size(), 2u);
  EXPECT_EQ(R.Record.Libraries[1].Path, "\"odd\"\n\xc3\xa9.bc");
  EXPECT_EQ(R.Record.Libraries[1].Digest, std::string(64, 'b'));
  ASSERT_EQ(R.Record.Helpers.size(), 2u);
  const HelperRecord &Imported = R.Record.Helpers[0];
  EXPECT_EQ(Imported.Name, "rust_helper_spin_lock");
  EXPECT_EQ(Imported.Library, "rust/helpers.bc");
  EXPECT_TRUE(Imported.Imported);
  EXPECT_EQ(Imported.InlinedCalls, 4294967295u);
  EXPECT_TRUE(Imported.CopyRemains);
  EXPECT_TRUE(Imported.Left.empty());
  ASSERT_EQ(Imported.Warnings.size(), 1u);
  EXPECT_EQ(Imported.Warnings[0], "becomes unreachable in 'f'");
  const HelperRecord &Stays = R.Record.Helpers[1];
  EXPECT_FALSE(Stays.Imported);
  EXPECT_FALSE(Stays.CopyRemains);
  ASSERT_EQ(Stays.Left.size(), 2u);
  EXPECT_EQ(Stays.Left[0].Why.Reason, LeftReason::NoInline);
  EXPECT_EQ(Stays.Left[0].Why.Detail, "why");
  EXPECT_EQ(Stays.Left[0].Caller, "caller");
  EXPECT_EQ(Stays.Left[0].Location, "src/main.rs:3:5");
  EXPECT_EQ(Stays.Left[0].Count, 2u);
  EXPECT_EQ(Stays.Left[1].Why.Reason, LeftReason::VarArgs);
}

TEST(Report, AtLTORoundTrip) {
  Report Given = makeReport();
  Given.Record.AtLTO = true;
  EXPECT_TRUE(OrExit(parseReport(formatReport(Given), "x.json")).Record.AtLTO);
}

TEST(Report, EveryReasonRoundTrip) {
  for (LeftReason Reason : {
#define REASON(Enumerator, ...) LeftReason::Enumerator,
#include "passes/Reasons.def"
       }) {
    Report Given = makeReport();
    Given.Record.Helpers[1].Left[0].Why.Reason = Reason;
    Report R = OrExit(parseReport(formatReport(Given), "x.json"));
    EXPECT_EQ(R.Record.Helpers[1].Left[0].Why.Reason, Reason);
  }
}

TEST(Report, BytesThatAreNotUTF8) {
  Report Given = makeReport();
  Given.Record.Libraries[0].Path = "a\xff";
  Report R = OrExit(parseReport(formatReport(Given), "x.json"));
  EXPECT_EQ(R.Record.Libraries[0].Path, "a\xef\xbf\xbd");
}

TEST(Report, Status) {
  HelperRecord Helper;
  EXPECT_EQ(getStatus(Helper), "left");
  Helper.Imported = true;
  EXPECT_EQ(getStatus(Helper), "imported");
  Helper.Left = {{{LeftReason::NoInline, ""}, "", "", 1}};
  EXPECT_EQ(getStatus(Helper), "partly");
}

TEST(Report, CrateName) {
  unsetenv("CARGO_CRATE_NAME");
  EXPECT_EQ(getCrateName("rnull.c90c65e954db9b8c-cgu.0"), "rnull");
  EXPECT_EQ(getCrateName("229dpp3ibntboyi86nwq34tos"),
            "229dpp3ibntboyi86nwq34tos");
  EXPECT_EQ(getCrateName("main.c"), "main.c");
  EXPECT_EQ(getCrateName(""), "");
  setenv("CARGO_CRATE_NAME", "driver", 1);
  EXPECT_EQ(getCrateName("rnull.c90c65e954db9b8c-cgu.0"), "rnull");
  EXPECT_EQ(getCrateName("229dpp3ibntboyi86nwq34tos"), "driver");
  unsetenv("CARGO_CRATE_NAME");
}

TEST(Report, NewerVersion) {
  EXPECT_EQ(errorOf("{\"version\": 2, \"producer\": {\"inline-helpers\": "
                    "\"9.8.7\"}}"),
            "report 'x.json' is of version 2, and this inline-helpers reads "
            "version 1; help: read it with the inline-helpers that wrote it, "
            "9.8.7");
  EXPECT_EQ(errorOf("{\"version\": 2}"),
            "report 'x.json' is of version 2, and this inline-helpers reads "
            "version 1; help: read it with the inline-helpers that wrote it");
}

TEST(Report, AMemberThatIsNotKnownIsIgnored) {
  OrExit(parseReport(change("\"version\"", "\"new\": [1], \"version\""),
                     "x.json"));
}

TEST(Report, WhatIsNoReport) {
  StringRef Help = "; help: remove it, and compile its crate again";
  for (StringRef Text : {"{}", "[]", "1", "{\"version\": \"1\"}"})
    EXPECT_EQ(errorOf(Text),
              ("report 'x.json': it has no version, so it is no report" + Help)
                  .str());
  EXPECT_EQ(
      errorOf(change("\"inlined\": 0", "\"inlined\": -1")),
      ("report 'x.json': expected a count at report.helpers[1].inlined" + Help)
          .str());
  EXPECT_EQ(
      errorOf(change("4294967295", "4294967296")),
      ("report 'x.json': expected a count at report.helpers[0].inlined" + Help)
          .str());
  EXPECT_EQ(errorOf(change("\"noinline\"", "\"nonsense\"")),
            ("report 'x.json': expected a reason of this version at "
             "report.helpers[1].left[0].reason" +
             Help)
                .str());
  EXPECT_EQ(errorOf(change("\"crate\"", "\"crab\"")),
            ("report 'x.json': missing value at report.crate" + Help).str());
}

TEST(Report, EveryTruncationIsAnError) {
  std::string Text = formatReport(makeReport());
  // The last two characters are the bracket and the end of the line.
  for (size_t Size = 0; Size + 1 < Text.size(); ++Size)
    EXPECT_EQ(errorOf(StringRef(Text).take_front(Size))
                  .find("report 'x.json': it is not JSON: "),
              0u)
        << Size;
}

TEST(Report, DeepNestingIsAnError) {
  for (StringRef Opening : {"[", "{\"a\":", "[{\"a\\\"b\":"}) {
    std::string Text = "{\"version\": 1, \"x\": \"[[\\\"[[\", \"y\": ";
    for (int I = 0; I != 1000000; ++I)
      Text += Opening;
    EXPECT_NE(errorOf(Text).find("it is nested too deep"), std::string::npos);
  }
}

TEST(Report, BracketsInStringsDoNotNest) {
  Report Given = makeReport();
  Given.Record.Helpers[1].Left[0].Caller = std::string(1000, '[') + "\"\\";
  Report R = OrExit(parseReport(formatReport(Given), "x.json"));
  EXPECT_EQ(R.Record.Helpers[1].Left[0].Caller,
            Given.Record.Helpers[1].Left[0].Caller);
}

TEST(Report, FileOfAModule) {
  TemporaryFolder Folder;
  OrExit(writeReport(Folder.path("new/folder"), makeRecord()));
  std::vector<std::string> Names = Folder.list("new/folder");
  ASSERT_EQ(Names.size(), 1u);
  EXPECT_EQ(Names[0].find("rnull.c90c65e954db9b8c-cgu.3-"), 0u) << Names[0];
  EXPECT_TRUE(StringRef(Names[0]).ends_with(".json"));
  Report R = OrExit(
      parseReport(read(Folder.path("new/folder/" + Names[0])), Names[0]));
  EXPECT_EQ(R.Crate, "rnull");
  SmallString<128> Current;
  ASSERT_FALSE(sys::fs::current_path(Current));
  EXPECT_EQ(R.Directory, Current);
}

TEST(Report, TheSameModuleReplacesItsFile) {
  TemporaryFolder Folder;
  ImportRecord Record = makeRecord();
  OrExit(writeReport(Folder.path(), Record));
  Record.Helpers.clear();
  OrExit(writeReport(Folder.path(), Record));
  std::vector<std::string> Names = Folder.list();
  ASSERT_EQ(Names.size(), 1u);
  Report R = OrExit(parseReport(read(Folder.path(Names[0])), Names[0]));
  EXPECT_TRUE(R.Record.Helpers.empty());
}

TEST(Report, OtherModulesHaveOtherFiles) {
  TemporaryFolder Folder;
  ImportRecord Record = makeRecord();
  for (std::string Module : {"a/b", "a_b", "..", "", "\xff"}) {
    Record.Module = Module;
    OrExit(writeReport(Folder.path(), Record));
  }
  Record.Module = std::string(1000, 'x');
  OrExit(writeReport(Folder.path(), Record));
  Record.AtLTO = true;
  OrExit(writeReport(Folder.path(), Record));
  std::vector<std::string> Names = Folder.list();
  EXPECT_EQ(Names.size(), 7u);
  for (const std::string &Name : Names) {
    EXPECT_FALSE(StringRef(Name).starts_with("."));
    EXPECT_LT(Name.size(), 128u);
  }
}

TEST(Report, TheSameModuleOfAnotherFolderHasAnotherFile) {
  TemporaryFolder Folder;
  SmallString<128> Current;
  ASSERT_FALSE(sys::fs::current_path(Current));
  OrExit(writeReport(Folder.path(), makeRecord()));
  ASSERT_FALSE(sys::fs::set_current_path(Folder.path()));
  Error E = writeReport(Folder.path(), makeRecord());
  ASSERT_FALSE(sys::fs::set_current_path(Current));
  OrExit(std::move(E));
  EXPECT_EQ(Folder.list().size(), 2u);
}

TEST(Report, ParallelUnits) {
  TemporaryFolder Folder;
  std::vector<std::thread> Threads;
  for (int Thread = 0; Thread != 8; ++Thread)
    Threads.emplace_back([&, Thread] {
      ImportRecord Record = makeRecord();
      // Two threads a module.
      Record.Module += std::to_string(Thread / 2);
      for (int I = 0; I != 50; ++I)
        EXPECT_FALSE(errorToBool(writeReport(Folder.path("reports"), Record)));
    });
  for (std::thread &T : Threads)
    T.join();
  std::vector<std::string> Names = Folder.list("reports");
  EXPECT_EQ(Names.size(), 4u);
  for (const std::string &Name : Names)
    OrExit(parseReport(read(Folder.path("reports/" + Name)), Name));
}

TEST(Report, AFileInPlaceOfTheFolder) {
  TemporaryFile File("text");
  std::string Text;
  EXPECT_EQ(take(writeReport(File.path(), makeRecord()), Text),
            DiagnosticCode::Unwritable);
  EXPECT_EQ(Text.find("cannot write '" + File.path() + "/rnull."), 0u) << Text;
  EXPECT_NE(Text.find("': Not a directory; help: name a folder that can be "
                      "written with report=DIR"),
            std::string::npos)
      << Text;
  EXPECT_EQ(read(File.path()), "text");
}

TEST(Report, AFolderThatCannotBeMade) {
  TemporaryFile File("text");
  std::string Text;
  EXPECT_EQ(take(writeReport(File.path() + "/a/b", makeRecord()), Text),
            DiagnosticCode::Unwritable);
  EXPECT_EQ(Text, "cannot make the folder '" + File.path() +
                      "/a/b' for reports: Not a directory; help: name a folder "
                      "that can be written with report=DIR");
}

TEST(Report, AFullDiskLeavesTheFileThatWasThere) {
  TemporaryFolder Folder;
  ImportRecord Record = makeRecord();
  OrExit(writeReport(Folder.path(), Record));
  std::string Path = Folder.path(Folder.list().at(0));
  std::string Before = read(Path);
  Record.Helpers.clear();
  // No file may grow: the write fails as it does where no block is free.
  auto *Handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit Limit;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &Limit), 0);
  rlimit None = {100, Limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &None), 0);
  Error E = writeReport(Folder.path(), Record);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &Limit), 0);
  std::signal(SIGXFSZ, Handler);
  std::string Text;
  EXPECT_EQ(take(std::move(E), Text), DiagnosticCode::Unwritable);
  EXPECT_EQ(Text, "cannot write '" + Path +
                      "': File too large; help: name a folder that can be "
                      "written with report=DIR");
  EXPECT_EQ(Folder.list().size(), 1u);
  EXPECT_EQ(read(Path), Before);
}
