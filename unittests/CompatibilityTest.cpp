//===- CompatibilityTest.cpp ----------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Compatibility.h"
#include "Testing.h"
#include "passes/TargetFeatures.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

TEST(Compatibility, ReasonsAreDistinct) {
  StringSet<> Names, Sentences;
#define REASON(Enumerator, Name, Sentence, ...)                                \
  EXPECT_EQ(getReasonName(LeftReason::Enumerator), Name);                      \
  EXPECT_EQ(getReasonSentence(LeftReason::Enumerator), Sentence);              \
  EXPECT_TRUE(Names.insert(Name).second) << Name;                              \
  EXPECT_TRUE(Sentences.insert(Sentence).second) << Sentence;
#include "passes/Reasons.def"
}

TEST(Compatibility, MessageOfAReason) {
  EXPECT_EQ((Left{LeftReason::NoInline, ""}.message()),
            "it is marked noinline [noinline]");
  EXPECT_EQ((Left{LeftReason::ThreadLocal, "errno"}.message()),
            "it reaches a thread-local variable (errno) [thread-local]");
}

TEST(Compatibility, WhatIsAHelper) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    @llvm.used = appending global [1 x ptr] [ptr @defined]
    @variable = global i32 0
    @alias = alias void (), ptr @defined
    define void @defined() {
      ret void
    }
    define linkonce_odr void @inline() {
      ret void
    }
    define internal void @local() {
      ret void
    }
    declare void @declared()
  )");
  auto Is = [&](StringRef Name) { return isHelper(*M->getNamedValue(Name)); };
  EXPECT_TRUE(Is("defined"));
  EXPECT_TRUE(Is("inline"));
  EXPECT_TRUE(Is("alias"));
  EXPECT_TRUE(Is("variable"));
  EXPECT_FALSE(Is("local"));
  EXPECT_FALSE(Is("declared"));
  EXPECT_FALSE(Is("llvm.used"));
}

//===----------------------------------------------------------------------===//
// Closure
//===----------------------------------------------------------------------===//

TEST(Compatibility, ClosureReadsOnlyWhatIsReached) {
  LLVMContext Context;
  TemporaryFile File(assemble(R"(
    @table = internal constant [2 x ptr] [ptr @in_table, ptr @external_data]
    @external_data = external global i32
    @unreached_data = internal constant i32 0

    define void @helper() {
      call void @direct()
      %f = load ptr, ptr getelementptr (i8, ptr @table, i64 8)
      call void @other_helper()
      call void @helper()
      ret void
    }

    define internal void @direct() {
      call void @declared()
      ret void
    }

    define internal void @in_table() {
      call void @direct()
      ret void
    }

    define void @other_helper() {
      call void @unreached()
      ret void
    }

    define internal void @unreached() {
      ret void
    }

    declare void @declared()
  )"));
  HelperLibrary Library = openLibrary(File, Context);
  Module &M = Library.module();
  HelperClosure Closure =
      OrExit(materializeClosure(Library, *M.getFunction("helper")));

  auto Names = [](const auto &Values) {
    std::vector<std::string> Result;
    for (GlobalValue *GV : Values)
      Result.push_back(GV->getName().str());
    llvm::sort(Result);
    return join(Result, " ");
  };
  EXPECT_EQ(Closure.Helper, M.getFunction("helper"));
  EXPECT_EQ(Names(Closure.Locals), "direct in_table table");
  EXPECT_EQ(Names(Closure.Externals), "declared external_data other_helper");
  EXPECT_EQ(Closure.functions().size(), 3u);
  EXPECT_EQ(Closure.functions().front(), Closure.Helper);
  for (StringRef Name : {"helper", "direct", "in_table"})
    EXPECT_FALSE(M.getFunction(Name)->empty()) << Name.str();
  for (StringRef Name : {"other_helper", "unreached"})
    EXPECT_TRUE(M.getFunction(Name)->isMaterializable()) << Name.str();
}

//===----------------------------------------------------------------------===//
// judge
//===----------------------------------------------------------------------===//

namespace {
/// Judges @helper of a library for the calls in a crate.
class JudgeTest : public testing::Test {
protected:
  /// \returns the reason's name, or "" if the helper may be imported.
  std::string judgeHelper(StringRef LibraryIR, StringRef CrateIR) {
    LLVMContext Context;
    TemporaryFile File(assemble(LibraryIR));
    HelperLibrary Library = openLibrary(File, Context);
    std::unique_ptr<Module> Crate = parseIR(Context, CrateIR);
    WantedHelper Wanted;
    Function *Declaration = Crate->getFunction("helper");
    if (!Declaration || !Library.module().getFunction("helper"))
      return "broken test";
    Wanted.Declaration = Declaration;
    Wanted.AddressTaken = AddressTaken;
    Wanted.NamedByHelper = NamedByHelper;
    for (User *U : Wanted.Declaration->users())
      if (auto *CB = dyn_cast<CallBase>(U))
        Wanted.Calls.push_back(CB);
    HelperClosure Closure = OrExit(
        materializeClosure(Library, *Library.module().getFunction("helper")));
    FeatureBaseline Baseline(Library.module());
    // Equal CPU and features may be inlined, as for an unknown target.
    TargetTransformInfo TTI(Crate->getDataLayout());
    Judgement Judged =
        judge(Wanted, Closure,
              {Baseline, getModelFunction(*Crate),
               [&](Function &) -> const TargetTransformInfo & { return TTI; }});
    Inlined = Judged.Inlined.size();
    if (!Judged.Left.empty())
      return getReasonName(Judged.Left[0].Why.Reason).str();
    return Judged.NoCopy ? getReasonName(Judged.NoCopy->Reason).str() : "";
  }

  bool AddressTaken = false;
  bool NamedByHelper = false;
  size_t Inlined = 0; ///< Calls that may be inlined.
};
} // namespace

static std::string helper(StringRef Attributes, StringRef Body = "") {
  return ("define void @helper() " + Attributes + " {\n" + Body +
          "\n  ret void\n}\n")
      .str();
}

static std::string caller(StringRef Attributes) {
  return ("define void @caller() " + Attributes +
          " {\n  call void @helper()\n  ret void\n}\n"
          "declare void @helper()\n")
      .str();
}

TEST_F(JudgeTest, Plain) { EXPECT_EQ(judgeHelper(helper(""), caller("")), ""); }

TEST_F(JudgeTest, AgreementIsAskedForBothWays) {
  EXPECT_EQ(judgeHelper(helper("safestack"), caller("")), "attribute-mismatch");
  EXPECT_EQ(judgeHelper(helper(""), caller("safestack")), "attribute-mismatch");
  EXPECT_EQ(judgeHelper(helper("safestack"), caller("safestack")), "");
}

TEST_F(JudgeTest, EveryCallerHasItsOwnAnswer) {
  EXPECT_EQ(judgeHelper(helper(""), caller("") + R"(
    define void @another() safestack {
      call void @helper()
      ret void
    }
  )"),
            "attribute-mismatch");
  EXPECT_EQ(Inlined, 1u);
}

TEST_F(JudgeTest, RedZoneMattersToAssembly) {
  StringRef Push = "  call void asm sideeffect \"push 1\", \"\"()";
  EXPECT_EQ(judgeHelper(helper("noredzone", Push), caller("")), "red-zone");
  EXPECT_EQ(judgeHelper(helper("noredzone", Push), caller("noredzone")), "");
  EXPECT_EQ(judgeHelper(helper("noredzone"), caller("")), "");
  EXPECT_EQ(judgeHelper(helper("", Push), caller("")), "");
}

TEST_F(JudgeTest, SymbolsInAssembly) {
  auto Judge = [&](StringRef Assembly) {
    return judgeHelper(
        helper(
            "",
            ("  call void asm sideeffect \"" + Assembly + "\", \"\"()").str()),
        caller(""));
  };
  for (StringRef Defines :
       {"label: nop", "nop; label: nop", "nop\\0A  .Llabel :", "1: label:",
        ".globl label", ".global label # it", "\\09.weak label",
        ".set label, 1", ".Lunique${:uid}: nop\\0Alabel: nop",
        ".globl \\22quoted label\\22", "\\22label\\22: nop"})
    EXPECT_EQ(Judge(Defines), "inline-asm") << Defines.str();
  for (StringRef Fine :
       {"nop", "1: jmp 1b", "1:\\0A\\09jmp 1b", ".Lunique${:uid}: nop",
        ".set unique${:uid}, 1", "movl %gs:8, %eax", "lock; incl (%rdi)",
        ".pushsection .globls; .quad 1b; .popsection"})
    EXPECT_EQ(Judge(Fine), "") << Fine.str();
}

TEST_F(JudgeTest, NamesInModuleAssembly) {
  auto Judge = [&](StringRef Name, StringRef IR) {
    return judgeHelper(("module asm \"# " + Name + "\"\n" +
                        helper("", ("  call void @" + Name + "()").str()) + IR +
                        "\n")
                           .str(),
                       caller(""));
  };
  EXPECT_EQ(Judge("f", "declare void @f()"), "module-asm");
  EXPECT_EQ(Judge("f", "define void @f() {\n  ret void\n}"), "");
  EXPECT_EQ(Judge("llvm.donothing", "declare void @llvm.donothing()"), "");
}

TEST_F(JudgeTest, AddressesAsImmediates) {
  StringRef PIC = "!llvm.module.flags = !{!0}\n"
                  "!0 = !{i32 8, !\"PIC Level\", i32 2}\n";
  auto Judge = [&](StringRef Operand, StringRef LibraryFlags,
                   StringRef CrateFlags) {
    return judgeHelper(
        (helper("",
                ("  call void asm sideeffect \"\", " + Operand + ")").str()) +
         "@data = external global [2 x i64]\n" + LibraryFlags)
            .str(),
        caller("") + CrateFlags.str());
  };
  StringRef Immediate = "\"i\"(ptr @data";
  StringRef Offset =
      "\"i\"(ptr getelementptr inbounds ([2 x i64], ptr @data, i64 0, i64 1)";
  StringRef InMemory = "\"*m\"(ptr elementtype(i64) @data";
  EXPECT_EQ(Judge(Immediate, "", PIC), "inline-asm");
  EXPECT_EQ(Judge(Offset, "", PIC), "inline-asm");
  EXPECT_EQ(Judge(InMemory, "", PIC), "");
  EXPECT_EQ(Judge(Immediate, "", ""), "");
  EXPECT_EQ(Judge(Immediate, PIC, PIC), "");
}

TEST_F(JudgeTest, SemanticInterposition) {
  StringRef Flag = "!llvm.module.flags = !{!0}\n"
                   "!0 = !{i32 1, !\"SemanticInterposition\", i32 1}\n";
  EXPECT_EQ(judgeHelper((helper("") + Flag).str(), caller("")), "interposable");
  EXPECT_EQ(
      judgeHelper(
          ("define dso_local void @helper() {\n  ret void\n}\n" + Flag).str(),
          caller("")),
      "");
}

TEST_F(JudgeTest, WhatIsBesidesABody) {
  for (StringRef Data : {"prefix i32 1", "prologue i32 1", "gc \"some\""})
    EXPECT_EQ(judgeHelper(helper(Data), caller("")), "not-a-function")
        << Data.str();
}

TEST_F(JudgeTest, PlacesOnTheStack) {
  for (StringRef Name :
       {"addressofreturnaddress.p0()", "frameaddress.p0(i32 0)",
        "returnaddress(i32 0)", "sponentry.p0()"})
    EXPECT_EQ(judgeHelper(helper("", ("  %p = call ptr @llvm." + Name).str()) +
                              "declare ptr @llvm.addressofreturnaddress.p0()\n"
                              "declare ptr @llvm.frameaddress.p0(i32)\n"
                              "declare ptr @llvm.returnaddress(i32)\n"
                              "declare ptr @llvm.sponentry.p0()\n",
                          caller("")),
              "return-address")
        << Name.str();
}

TEST_F(JudgeTest, SectionsOfLocals) {
  for (StringRef Where : {"section \"own\"", "comdat($group)"})
    EXPECT_EQ(
        judgeHelper(("$group = comdat any\n"
                     "@key = internal constant i32 1, " +
                     Where + "\n" + helper("", "  %x = load i32, ptr @key"))
                        .str(),
                    caller("")),
        "section")
        << Where.str();
}

TEST_F(JudgeTest, WhatRemainsIsJudgedForTheCrate) {
  std::string Crate = caller("safestack") + R"(
    define void @plain() {
      ret void
    }
  )";
  std::string PlainFirst =
      "define void @plain() {\n  ret void\n}\n" + caller("safestack");
  EXPECT_EQ(judgeHelper(helper("safestack"), PlainFirst), "");
  AddressTaken = true;
  EXPECT_EQ(judgeHelper(helper("safestack"), PlainFirst), "attribute-mismatch");
  EXPECT_EQ(judgeHelper(helper("safestack"), Crate), "");
  AddressTaken = false;
  NamedByHelper = true;
  EXPECT_EQ(judgeHelper(helper("safestack"), PlainFirst), "attribute-mismatch");
  NamedByHelper = false;
  std::string WithLocal =
      helper("safestack", "  call void @local()") +
      "define internal void @local() noinline safestack {\n  ret void\n}\n";
  EXPECT_EQ(judgeHelper(WithLocal, PlainFirst), "attribute-mismatch");
}

TEST_F(JudgeTest, NoModelNoCopy) {
  AddressTaken = true;
  EXPECT_EQ(judgeHelper(helper(""), "@table = global ptr @helper\n"
                                    "declare void @helper()\n"),
            "attribute-mismatch");
}

TEST_F(JudgeTest, MustTailAndBundles) {
  EXPECT_EQ(judgeHelper(helper(""), R"(
    define void @caller() {
      musttail call void @helper()
      ret void
    }
    declare void @helper()
  )"),
            "not-inlinable");
  EXPECT_EQ(judgeHelper(helper(""), R"(
    define void @caller() {
      call void @helper() [ "deopt"(i32 1) ]
      ret void
    }
    declare void @helper()
  )"),
            "not-inlinable");
}

TEST(Compatibility, NestedInlining) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    define void @helper() {
      ret void
    }
    define void @helper_without_red_zone() noredzone {
      ret void
    }
    define void @plain() {
      ret void
    }
    define void @without_red_zone() noredzone {
      ret void
    }
    define void @instrumented() sanitize_address {
      ret void
    }
    define void @featured() "target-features"="+avx" {
      ret void
    }
  )");
  TargetTransformInfo TTI(M->getDataLayout());
  auto May = [&](StringRef Helper, StringRef Caller, bool IsNoInline = false) {
    auto *Call =
        CallInst::Create(M->getFunction(Helper), "",
                         M->getFunction(Caller)->getEntryBlock().begin());
    if (IsNoInline)
      Call->setIsNoInline();
    return !judgeNested(*Call, TTI);
  };
  EXPECT_TRUE(May("helper", "plain"));
  EXPECT_TRUE(May("helper", "without_red_zone"));
  EXPECT_TRUE(May("helper_without_red_zone", "without_red_zone"));
  EXPECT_FALSE(May("helper_without_red_zone", "plain"));
  EXPECT_FALSE(May("helper", "instrumented"));
  EXPECT_FALSE(May("helper", "featured"));
  EXPECT_FALSE(May("helper", "plain", /*IsNoInline=*/true));
}
