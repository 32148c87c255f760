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

  void SetUp() override {
    PassBuilder PB;
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
  EXPECT_TRUE(cantFail(importHelpers(*M, MAM, Opts)));
  EXPECT_EQ(M->getFunction("helper"), nullptr);
  EXPECT_EQ(M->getFunction("caller")->getInstructionCount(), 2u);
  EXPECT_FALSE(verifyModule(*M, &errs()));
}

TEST_F(ImportHelpersTest, NothingWantedNothingOpened) {
  std::unique_ptr<Module> M =
      parseIR(Context, "define void @caller() {\n  ret void\n}\n");
  std::string Before = writeBitcode(*M);
  Options Opts;
  Opts.Libraries = {{"/no/such/file.bc", ""}};
  EXPECT_FALSE(cantFail(importHelpers(*M, MAM, Opts)));
  EXPECT_EQ(writeBitcode(*M), Before);
}

TEST_F(ImportHelpersTest, NoLibraryNoChange) {
  std::unique_ptr<Module> M = parseIR(Context, Crate);
  std::string Before = writeBitcode(*M);
  EXPECT_FALSE(cantFail(importHelpers(*M, MAM, Options())));
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
    Expected<bool> Changed = importHelpers(*M, MAM, Opts);
    EXPECT_TRUE(errorToBool(Changed.takeError())) << Library.Path;
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
  EXPECT_FALSE(cantFail(importHelpers(*M, MAM, Opts)));
  EXPECT_EQ(writeBitcode(*M), Before);
}

TEST_F(ImportHelpersTest, PassIsRequired) {
  EXPECT_TRUE(ImportHelpersPass::isRequired());
}
