//===- ImportHelpersTest.cpp ----------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/ImportHelpers.h"
#include "Testing.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;
using namespace inline_helpers;

namespace {
class ImportHelpersTest : public testing::Test {
protected:
  LLVMContext Context;
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassInstrumentationCallbacks Callbacks;
  std::vector<std::string> Steps; ///< Those seen.
  std::string Before;             ///< The module before the last of them.

  /// Each step of each test leaves a valid module, and judging leaves it as it
  /// was.
  void SetUp() override {
    Callbacks.registerBeforeNonSkippedPassCallback([&](StringRef, Any IR) {
      Before = print(*any_cast<const Module *>(IR));
    });
    Callbacks.registerAfterPassCallback(
        [&](StringRef Step, Any IR, const PreservedAnalyses &Preserved) {
          const Module &M = *any_cast<const Module *>(IR);
          EXPECT_FALSE(verifyModule(M, &errs())) << Step.str();
          if (Preserved.areAllPreserved()) {
            EXPECT_EQ(print(M), Before) << Step.str();
          }
          Steps.push_back(Step.str());
        });
    PassBuilder PB(nullptr, PipelineTuningOptions(), std::nullopt, &Callbacks);
    PB.registerModuleAnalyses(MAM);
    PB.registerCGSCCAnalyses(CGAM);
    PB.registerFunctionAnalyses(FAM);
    PB.registerLoopAnalyses(LAM);
    PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  }
};
} // namespace

static constexpr StringLiteral Crate = R"(
  declare i32 @helper(i32)

  define i32 @caller(i32 %x) {
    %r = call i32 @helper(i32 %x)
    ret i32 %r
  }
)";

static constexpr StringLiteral Library = R"(
  define i32 @helper(i32 %x) {
    %r = add i32 %x, 1
    ret i32 %r
  }
)";

TEST_F(ImportHelpersTest, Wanted) {
  std::unique_ptr<Module> M = parseIR(Context, R"(
    @table = global ptr @only_address

    declare i32 @called(i32)
    declare i32 @called_and_address(i32)
    declare i32 @only_address(i32)
    declare i32 @unused(i32)
    declare i32 @llvm.bswap.i32(i32)
    declare void @_RNvC4main4rust()
    declare void @_ZN4main4rust17h0123456789abcdefE()
    declare void @_ZN3cpp4nameE()
    declare void @_R()
    declare i32 @memcmp(ptr, ptr, i64)

    define void @take(ptr %f) {
      ret void
    }

    define void @caller() {
      %a = call i32 @called(i32 1)
      %b = call i32 @called(i32 2)
      %c = call i32 @called_and_address(i32 3)
      call void @take(ptr @called_and_address)
      %d = call i32 @llvm.bswap.i32(i32 4)
      call void @_RNvC4main4rust()
      call void @_ZN4main4rust17h0123456789abcdefE()
      call void @_ZN3cpp4nameE()
      %e = call i32 @memcmp(ptr null, ptr null, i64 0)
      ret void
    }
  )");
  std::vector<WantedHelper> Wanted = findWanted(*M);
  ASSERT_EQ(Wanted.size(), 4u);
  EXPECT_EQ(Wanted[0].Declaration->getName(), "called");
  ASSERT_EQ(Wanted[0].Calls.size(), 2u);
  EXPECT_EQ(Wanted[0].Calls[0]->getName(), "a");
  EXPECT_EQ(Wanted[0].Calls[1]->getName(), "b");
  EXPECT_FALSE(Wanted[0].AddressTaken);
  EXPECT_EQ(Wanted[1].Declaration->getName(), "called_and_address");
  EXPECT_EQ(Wanted[1].Calls.size(), 1u);
  EXPECT_TRUE(Wanted[1].AddressTaken);
  EXPECT_EQ(Wanted[2].Declaration->getName(), "only_address");
  EXPECT_TRUE(Wanted[2].Calls.empty());
  EXPECT_TRUE(Wanted[2].AddressTaken);
  EXPECT_EQ(Wanted[3].Declaration->getName(), "_ZN3cpp4nameE");
}

TEST_F(ImportHelpersTest, Imports) {
  TemporaryFile File(assemble(Library));
  std::unique_ptr<Module> M = parseIR(Context, Crate);
  Options Opts;
  Opts.Libraries = {{File.path(), ""}};
  EXPECT_TRUE(OrExit(importHelpers(*M, MAM, Opts)).Helpers.at(0).Imported);
  EXPECT_EQ(M->getFunction("helper"), nullptr);
  EXPECT_EQ(M->getFunction("caller")->getInstructionCount(), 2u);
  EXPECT_FALSE(verifyModule(*M, &errs()));
}

TEST_F(ImportHelpersTest, EachStepIsToldToTheHost) {
  TemporaryFile File(assemble(Library));
  std::unique_ptr<Module> M = parseIR(Context, Crate);
  Options Opts;
  Opts.Libraries = {{File.path(), ""}};
  OrExit(importHelpers(*M, MAM, Opts));
  EXPECT_EQ(Steps, (std::vector<std::string>{
                       "import-helpers: judge", "import-helpers: import",
                       "import-helpers: inline", "import-helpers: erase"}));
}

TEST_F(ImportHelpersTest, NothingWantedNothingOpened) {
  std::unique_ptr<Module> M =
      parseIR(Context, "define void @caller() {\n  ret void\n}\n");
  std::string Before = writeBitcode(*M);
  Options Opts;
  Opts.Libraries = {{"/no/such/file.bc", ""}};
  EXPECT_TRUE(OrExit(importHelpers(*M, MAM, Opts)).Helpers.empty());
  EXPECT_EQ(writeBitcode(*M), Before);
}

TEST_F(ImportHelpersTest, NoLibraryNoChange) {
  std::unique_ptr<Module> M = parseIR(Context, Crate);
  std::string Before = writeBitcode(*M);
  EXPECT_TRUE(OrExit(importHelpers(*M, MAM, Options())).Helpers.empty());
  EXPECT_EQ(writeBitcode(*M), Before);
}

TEST_F(ImportHelpersTest, AnErrorLeavesTheModuleAsItWas) {
  std::unique_ptr<Module> M = parseIR(Context, Crate);
  std::string Before = writeBitcode(*M);
  TemporaryFile Text("text");
  TemporaryFile OtherTarget(
      assemble(("target datalayout = \"e-p:32:32\"\n" + Library).str()));
  TemporaryFile Instrumented(
      assemble((Library + "declare void @__asan_init()\n").str()));
  const LibraryOption Bad[] = {{"/no/such/file.bc", ""},
                               {Text.path(), ""},
                               {Text.path(), std::string(64, '0')},
                               {OtherTarget.path(), ""},
                               {Instrumented.path(), ""}};
  for (const LibraryOption &Library : Bad) {
    Options Opts;
    Opts.Libraries = {Library};
    Expected<ImportRecord> Record = importHelpers(*M, MAM, Opts);
    EXPECT_TRUE(errorToBool(Record.takeError())) << Library.Path;
    EXPECT_EQ(writeBitcode(*M), Before) << Library.Path;
  }
}

TEST_F(ImportHelpersTest, WhatIsLeftLeavesTheModuleAsItWas) {
  TemporaryFile File(assemble(R"(
    define i32 @helper(i32 %x) noinline {
      ret i32 %x
    }
  )"));
  std::unique_ptr<Module> M = parseIR(Context, Crate);
  std::string Before = writeBitcode(*M);
  Options Opts;
  Opts.Libraries = {{File.path(), ""}};
  EXPECT_FALSE(OrExit(importHelpers(*M, MAM, Opts)).Helpers.at(0).Imported);
  EXPECT_EQ(writeBitcode(*M), Before);
}

TEST_F(ImportHelpersTest, RecordOfCallersThatDiffer) {
  TemporaryFile File(assemble(Library));
  std::unique_ptr<Module> M = parseIR(Context, (Crate + R"(
    define i32 @checked(i32 %x) safestack {
      %a = call i32 @helper(i32 %x)
      %b = call i32 @helper(i32 %a)
      ret i32 %b
    }
  )")
                                                   .str());
  Options Opts;
  Opts.Libraries = {{File.path(), ""}};
  ImportRecord Record = OrExit(importHelpers(*M, MAM, Opts));
  ASSERT_EQ(Record.Helpers.size(), 1u);
  const HelperRecord &Helper = Record.Helpers[0];
  EXPECT_EQ(Helper.Name, "helper");
  EXPECT_EQ(Helper.Library, File.path());
  EXPECT_TRUE(Helper.Imported);
  EXPECT_EQ(Helper.InlinedCalls, 1u);
  ASSERT_EQ(Helper.Left.size(), 1u);
  EXPECT_EQ(Helper.Left[0].Caller, "checked");
  EXPECT_EQ(Helper.Left[0].Count, 2u);
  EXPECT_EQ(Helper.Left[0].Why.Reason, LeftReason::AttributeMismatch);
  EXPECT_TRUE(Record.Copies.empty());
  EXPECT_TRUE(M->getFunction("helper")->isDeclaration());
  EXPECT_FALSE(verifyModule(*M, &errs()));
}

TEST_F(ImportHelpersTest, WhatIsCalledAtTheEndIsFound) {
  TemporaryFile File(assemble(Library));
  std::unique_ptr<Module> M = parseIR(Context, (Crate + R"(
    @address = global ptr @helper
  )")
                                                   .str());
  Options Opts;
  Opts.Libraries = {{File.path(), ""}};
  ImportRecord Record = OrExit(importHelpers(*M, MAM, Opts));
  ASSERT_EQ(Record.Copies, std::vector<std::string>{"helper"});
  OrExit(finishImport(*M, Record, Opts));
  EXPECT_TRUE(Record.Helpers[0].CopyRemains);
  EXPECT_TRUE(Record.Helpers[0].Left.empty());

  // As an optimisation that makes an indirect call a direct one of a clone.
  Function *Copy = M->getFunction("helper");
  Copy->setName("helper.specialized.1");
  Instruction *Return =
      M->getFunction("caller")->getEntryBlock().getTerminator();
  for (int I = 0; I != 2; ++I)
    CallInst::Create(Copy, {Return->getOperand(0)}, "", Return->getIterator());
  OrExit(finishImport(*M, Record, Opts));
  ASSERT_EQ(Record.Helpers[0].Left.size(), 1u);
  EXPECT_EQ(Record.Helpers[0].Left[0].Why.Reason, LeftReason::StillCalled);
  EXPECT_EQ(Record.Helpers[0].Left[0].Caller, "caller");
  EXPECT_EQ(Record.Helpers[0].Left[0].Count, 2u);
}

TEST_F(ImportHelpersTest, ACallInACopyIsNotTheCrates) {
  TemporaryFile File(assemble((Library + R"(
    define i32 @outer(i32 %x) {
      %r = call i32 @helper(i32 %x)
      ret i32 %r
    }
  )")
                                  .str()));
  std::unique_ptr<Module> M = parseIR(Context, (Crate + R"(
    @address = global ptr @outer

    declare i32 @outer(i32)
  )")
                                                   .str());
  Options Opts;
  Opts.Libraries = {{File.path(), ""}};
  ImportRecord Record = OrExit(importHelpers(*M, MAM, Opts));
  ASSERT_EQ(Record.Copies.size(), 2u);
  OrExit(finishImport(*M, Record, Opts));
  for (const HelperRecord &Helper : Record.Helpers) {
    EXPECT_TRUE(Helper.CopyRemains) << Helper.Name;
    EXPECT_TRUE(Helper.Left.empty()) << Helper.Name;
  }
}

TEST_F(ImportHelpersTest, AnalysesArePreservedWhereNothingIsImported) {
  ImportRecord Record;
  EXPECT_TRUE(getPreserved(Record).areAllPreserved());
  Record.Helpers.resize(2);
  EXPECT_TRUE(getPreserved(Record).areAllPreserved());
  Record.Helpers[1].Imported = true;
  EXPECT_FALSE(getPreserved(Record).areAllPreserved());
}

TEST_F(ImportHelpersTest, PassIsRequired) {
  EXPECT_TRUE(ImportHelpersPass::isRequired());
}
