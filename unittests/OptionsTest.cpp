//===- OptionsTest.cpp ----------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Options.h"
#include "Testing.h"

using namespace llvm;
using namespace inline_helpers;

static const std::string Digest(64, 'a');

static std::string errorOf(StringRef Text) {
  Expected<Options> Result = parseOptions(Text, "here");
  if (Result)
    return "no error";
  std::string Message;
  EXPECT_EQ(take(Result.takeError(), Message), DiagnosticCode::BadOption);
  return Message;
}

TEST(Options, EmptyTextGivesNothing) {
  Options Result = OrExit(parseOptions("", "here"));
  EXPECT_TRUE(Result.Libraries.empty());
  EXPECT_FALSE(Result.DebugInfo);
  EXPECT_EQ(Result.debugInfo(), DebugInfoKind::Strip);
  EXPECT_FALSE(Result.Leftover);
  EXPECT_EQ(Result.leftover(), LeftoverKind::Allow);
}

TEST(Options, EveryParameter) {
  Options Result = OrExit(parseOptions(
      "library=a.bc;sha256=" + std::string(64, 'A') +
          ";library=/b/"
          "c.bc;debug-info=lines;leftover=error;modname=rnull%5fmod;"
          "report=a%20b",
      "here"));
  ASSERT_EQ(Result.Libraries.size(), 2u);
  EXPECT_EQ(Result.Libraries[0].Path, "a.bc");
  EXPECT_EQ(Result.Libraries[0].SHA256, Digest);
  EXPECT_EQ(Result.Libraries[1].Path, "/b/c.bc");
  EXPECT_EQ(Result.Libraries[1].SHA256, "");
  EXPECT_EQ(Result.debugInfo(), DebugInfoKind::Lines);
  EXPECT_EQ(Result.leftover(), LeftoverKind::Error);
  EXPECT_EQ(Result.ModuleName, "rnull_mod");
  EXPECT_EQ(Result.Report, "a b");
}

TEST(Options, EachErrorNamesItsPlaceAndTheValidParameters) {
  for (StringRef Text : {"speed=11",
                         "library=",
                         "library",
                         "=x",
                         ";",
                         "library=a;",
                         "library=a;library=a",
                         "leftover=maybe",
                         "leftover=warn;leftover=warn",
                         "debug-info=all",
                         "debug-info=strip;debug-info=strip",
                         "sha256=abc",
                         "library=a;sha256=abc",
                         "library=%",
                         "library=%4",
                         "library=%xy",
                         "library=%00",
                         "modname=",
                         "modname=a-b",
                         "modname=a%20b",
                         "modname=a;modname=a",
                         "report=",
                         "report=a;report=b",
                         "report=%zz"}) {
    std::string Message = errorOf(Text);
    EXPECT_TRUE(StringRef(Message).starts_with("here: ")) << Message;
    EXPECT_NE(
        Message.find("; help: valid parameters are library=PATH, "
                     "sha256=HEX, debug-info=strip|lines, "
                     "leftover=allow|warn|error, modname=NAME and report=DIR"),
        std::string::npos)
        << Message;
  }
}

TEST(Options, NoNullCharacterInAPath) {
  std::string Message = errorOf(StringRef("library=a\0b", 11));
  EXPECT_NE(Message.find("a path contains a null character"), std::string::npos)
      << Message;
}

TEST(Options, PercentEncodingRoundTrip) {
  std::string Path = "/";
  for (int C = 1; C != 256; ++C)
    Path += static_cast<char>(C);
  std::string Encoded = percentEncode(Path);
  EXPECT_EQ(StringRef(Encoded).find_first_of(" \t\n;<>,()\"'"),
            StringRef::npos);
  Options Result = OrExit(parseOptions("library=" + Encoded, "here"));
  ASSERT_EQ(Result.Libraries.size(), 1u);
  EXPECT_EQ(Result.Libraries[0].Path, Path);
}

TEST(Options, PercentEncodingLeavesPlainPathsAlone) {
  EXPECT_EQ(percentEncode("/a-b/c_d/e.f+g=h@i:j~"), "/a-b/c_d/e.f+g=h@i:j~");
  EXPECT_EQ(percentEncode("a b%"), "a%20b%25");
}

TEST(Options, PassParameters) {
  EXPECT_EQ(getPassParameters("import-helpers"), StringRef(""));
  EXPECT_EQ(getPassParameters("import-helpers<>"), StringRef(""));
  EXPECT_EQ(getPassParameters("import-helpers<library=a>"),
            StringRef("library=a"));
  EXPECT_EQ(getPassParameters("import-helpers<library=a"), std::nullopt);
  EXPECT_EQ(getPassParameters("import-helpers2"), std::nullopt);
  EXPECT_EQ(getPassParameters("instcombine"), std::nullopt);
}

TEST(Options, PlacesCompleteEachOther) {
  Options Result = OrExit(resolveOptions({"", "library=a", "library=a"},
                                         StringRef("leftover=warn")));
  ASSERT_EQ(Result.Libraries.size(), 1u);
  EXPECT_EQ(Result.leftover(), LeftoverKind::Warn);
}

TEST(Options, EnvironmentAlone) {
  Options Result = OrExit(resolveOptions({}, StringRef("library=a")));
  ASSERT_EQ(Result.Libraries.size(), 1u);
  EXPECT_EQ(Result.Libraries[0].Path, "a");
}

TEST(Options, NoPlaceAtAll) {
  EXPECT_TRUE(OrExit(resolveOptions({}, std::nullopt)).Libraries.empty());
}

TEST(Options, Contradictions) {
  auto ErrorOf = [](ArrayRef<std::string> Texts,
                    std::optional<StringRef> Environment) {
    Expected<Options> Result = resolveOptions(Texts, Environment);
    std::string Message = "no error";
    if (!Result) {
      EXPECT_EQ(take(Result.takeError(), Message), DiagnosticCode::BadOption);
    }
    return Message;
  };
  EXPECT_EQ(ErrorOf({"library=a"}, StringRef("library=b")),
            "import-helpers and INLINE_HELPERS give different values for "
            "parameter 'library'; help: give it in one of the two places");
  EXPECT_EQ(ErrorOf({"library=a"}, StringRef("library=a;sha256=" + Digest)),
            "import-helpers and INLINE_HELPERS give different values for "
            "parameter 'library'; help: give it in one of the two places");
  EXPECT_EQ(ErrorOf({"debug-info=lines"}, StringRef("debug-info=strip")),
            "import-helpers and INLINE_HELPERS give different values for "
            "parameter 'debug-info'; help: give it in one of the two places");
  EXPECT_EQ(ErrorOf({"leftover=warn"}, StringRef("leftover=error")),
            "import-helpers and INLINE_HELPERS give different values for "
            "parameter 'leftover'; help: give it in one of the two places");
  EXPECT_EQ(ErrorOf({"modname=a"}, StringRef("modname=b")),
            "import-helpers and INLINE_HELPERS give different values for "
            "parameter 'modname'; help: give it in one of the two places");
  EXPECT_EQ(ErrorOf({"report=a"}, StringRef("report=b")),
            "import-helpers and INLINE_HELPERS give different values for "
            "parameter 'report'; help: give it in one of the two places");
  EXPECT_EQ(ErrorOf({"library=a", "library=b"}, std::nullopt),
            "import-helpers and a second import-helpers pass give different "
            "values for parameter 'library'; help: give it in one of the two "
            "places");
  EXPECT_EQ(ErrorOf({}, StringRef("")),
            "INLINE_HELPERS is set, but empty; help: set it to library=PATH, "
            "or unset it");
}
