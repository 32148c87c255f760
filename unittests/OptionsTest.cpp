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
  Options Result = cantFail(parseOptions("", "here"));
  EXPECT_TRUE(Result.Libraries.empty());
  EXPECT_FALSE(Result.DebugInfo);
  EXPECT_FALSE(Result.Leftover);
  EXPECT_EQ(Result.leftover(), LeftoverKind::Allow);
}

TEST(Options, EveryParameter) {
  Options Result = cantFail(
      parseOptions("library=a.bc;sha256=" + std::string(64, 'A') +
                       ";library=/b/c.bc;debug-info=strip;leftover=error",
                   "here"));
  ASSERT_EQ(Result.Libraries.size(), 2u);
  EXPECT_EQ(Result.Libraries[0].Path, "a.bc");
  EXPECT_EQ(Result.Libraries[0].SHA256, Digest);
  EXPECT_EQ(Result.Libraries[1].Path, "/b/c.bc");
  EXPECT_EQ(Result.Libraries[1].SHA256, "");
  EXPECT_EQ(Result.DebugInfo, DebugInfoKind::Strip);
  EXPECT_EQ(Result.leftover(), LeftoverKind::Error);
}

TEST(Options, EachErrorNamesItsPlaceAndTheValidParameters) {
  for (StringRef Text :
       {"speed=11", "library=", "library", "=x", ";", "library=a;",
        "library=a;library=a", "leftover=maybe", "leftover=warn;leftover=warn",
        "debug-info=lines", "debug-info=strip;debug-info=strip", "sha256=abc",
        "library=a;sha256=abc", "library=%", "library=%4", "library=%xy",
        "library=%00"}) {
    std::string Message = errorOf(Text);
    EXPECT_TRUE(StringRef(Message).starts_with("here: ")) << Message;
    EXPECT_NE(Message.find("; help: valid parameters are library=PATH, "
                           "sha256=HEX, debug-info=strip and "
                           "leftover=allow|warn|error"),
              std::string::npos)
        << Message;
  }
}

TEST(Options, PercentEncodingRoundTrip) {
  std::string Path = "/";
  for (int C = 1; C != 256; ++C)
    Path += static_cast<char>(C);
  std::string Encoded = percentEncode(Path);
  EXPECT_EQ(StringRef(Encoded).find_first_of(" \t\n;<>,()\"'"),
            StringRef::npos);
  Options Result = cantFail(parseOptions("library=" + Encoded, "here"));
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
  Options Result = cantFail(resolveOptions({"", "library=a", "library=a"},
                                           StringRef("leftover=warn")));
  ASSERT_EQ(Result.Libraries.size(), 1u);
  EXPECT_EQ(Result.leftover(), LeftoverKind::Warn);
}

TEST(Options, EnvironmentAlone) {
  Options Result = cantFail(resolveOptions({}, StringRef("library=a")));
  ASSERT_EQ(Result.Libraries.size(), 1u);
  EXPECT_EQ(Result.Libraries[0].Path, "a");
}

TEST(Options, NoPlaceAtAll) {
  EXPECT_TRUE(cantFail(resolveOptions({}, std::nullopt)).Libraries.empty());
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
  EXPECT_EQ(ErrorOf({"leftover=warn"}, StringRef("leftover=error")),
            "import-helpers and INLINE_HELPERS give different values for "
            "parameter 'leftover'; help: give it in one of the two places");
  EXPECT_EQ(ErrorOf({"library=a", "library=b"}, std::nullopt),
            "import-helpers and a second import-helpers pass give different "
            "values for parameter 'library'; help: give it in one of the two "
            "places");
  EXPECT_EQ(ErrorOf({}, StringRef("")),
            "INLINE_HELPERS is set, but empty; help: set it to library=PATH, "
            "or unset it");
}
