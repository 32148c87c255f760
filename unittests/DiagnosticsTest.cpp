//===- DiagnosticsTest.cpp ------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Diagnostics.h"
#include "Testing.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticPrinter.h"

using namespace llvm;
using namespace inline_helpers;

namespace {
/// Keeps what reaches the context.
struct Recorder : DiagnosticHandler {
  struct Record {
    int Kind;
    DiagnosticSeverity Severity;
    std::string Text;
  };
  std::vector<Record> &Records;

  explicit Recorder(std::vector<Record> &Records) : Records(Records) {}

  bool handleDiagnostics(const DiagnosticInfo &Info) override {
    std::string Text;
    raw_string_ostream OS(Text);
    DiagnosticPrinterRawOStream Printer(OS);
    Info.print(Printer);
    Records.push_back({Info.getKind(), Info.getSeverity(), OS.str()});
    return true;
  }
};

class DiagnosticsTest : public testing::Test {
protected:
  LLVMContext Context;
  std::vector<Recorder::Record> Records;

  void SetUp() override {
    Context.setDiagnosticHandler(std::make_unique<Recorder>(Records));
  }
};
} // namespace

TEST_F(DiagnosticsTest, MessageAndHelpAreOneLine) {
  std::string Message;
  EXPECT_EQ(take(makeError(DiagnosticCode::Damaged, "it is broken", "mend it"),
                 Message),
            DiagnosticCode::Damaged);
  EXPECT_EQ(Message, "it is broken; help: mend it");
}

TEST_F(DiagnosticsTest, NoHelpNoSemicolon) {
  EXPECT_EQ(toString(makeError(DiagnosticCode::Damaged, "it is broken", "")),
            "it is broken");
}

TEST_F(DiagnosticsTest, PartsOfAnError) {
  handleAllErrors(
      makeError(DiagnosticCode::Leftover, Twine("a") + "b", Twine("c") + "d"),
      [](const HelperError &E) {
        EXPECT_EQ(E.code(), DiagnosticCode::Leftover);
        EXPECT_EQ(E.what(), "ab");
        EXPECT_EQ(E.help(), "cd");
      });
}

TEST_F(DiagnosticsTest, ReportIsOfTheKindThatRustcShows) {
  report(Context, DS_Warning, Twine("so ") + "so");
  ASSERT_EQ(Records.size(), 1u);
  EXPECT_EQ(Records[0].Kind, DK_InlineAsm);
  EXPECT_EQ(Records[0].Severity, DS_Warning);
  EXPECT_EQ(Records[0].Text, "inline-helpers: so so");
}

TEST_F(DiagnosticsTest, EveryErrorOfSeveralIsReported) {
  reportErrors(Context,
               joinErrors(makeError(DiagnosticCode::Damaged, "one", "help"),
                          createStringError(inconvertibleErrorCode(), "two")));
  ASSERT_EQ(Records.size(), 2u);
  EXPECT_EQ(Records[0].Severity, DS_Error);
  EXPECT_EQ(Records[0].Text, "inline-helpers: one; help: help");
  EXPECT_EQ(Records[1].Severity, DS_Error);
  EXPECT_EQ(Records[1].Text, "inline-helpers: two");
}

TEST_F(DiagnosticsTest, SuccessIsSilent) {
  reportErrors(Context, Error::success());
  EXPECT_TRUE(Records.empty());
}

TEST(Diagnostics, DisplayNames) {
  EXPECT_EQ(getDisplayName("_ZN4main6caller17h0123456789abcdefE"),
            "main::caller");
  EXPECT_EQ(getDisplayName("_RNvC4main6caller"), "main::caller");
  EXPECT_EQ(getDisplayName("_ZN3cpp4nameEv"), "cpp::name()");
  EXPECT_EQ(getDisplayName("rust_helper_get"), "rust_helper_get");
  EXPECT_EQ(getDisplayName("_ZN4main3hexE"), "main::hex");
  EXPECT_EQ(getDisplayName(""), "");
}
