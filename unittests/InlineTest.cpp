//===- InlineTest.cpp -----------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Inline.h"
#include "Testing.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace inline_helpers;

namespace {
class InlineTest : public testing::Test {
protected:
  LLVMContext Context;
  std::unique_ptr<Module> M;
  SetVector<Function *> Helpers, Callers;
  bool DeleteBodies = false;

  static std::vector<CallBase *> callsIn(Function &F) {
    std::vector<CallBase *> Calls;
    for (Instruction &I : instructions(F))
      if (auto *CB = dyn_cast<CallBase>(&I))
        Calls.push_back(CB);
    return Calls;
  }

  /// The names of what \p F calls, in order.
  std::string callees(StringRef F) {
    std::string Names;
    for (CallBase *CB : callsIn(*M->getFunction(F)))
      Names +=
          (Names.empty() ? "" : " ") + CB->getCalledFunction()->getName().str();
    return Names;
  }

  /// Inlines in @caller what has a name that begins with "helper".
  std::vector<FailedInlining> run(
      StringRef IR, function_ref<bool(const CallBase &)> MayInline =
                        [](const CallBase &) { return true; }) {
    M = parseIR(Context, IR);
    for (Function &F : *M)
      if (F.getName().starts_with("helper"))
        Helpers.insert(&F);
    std::vector<CallBase *> Calls;
    for (CallBase *CB : callsIn(*M->getFunction("caller")))
      if (Helpers.contains(CB->getCalledFunction()))
        Calls.push_back(CB);
    std::vector<FailedInlining> Failed =
        inlineCalls(Calls, Helpers, MayInline, Callers, DeleteBodies);
    EXPECT_FALSE(verifyModule(*M, &errs()));
    return Failed;
  }
};
} // namespace

static constexpr StringLiteral Nested = R"(
  define void @caller() {
    call void @helper_outer()
    call void @kept()
    ret void
  }

  define void @helper_outer() {
    call void @helper_inner()
    call void @kept()
    ret void
  }

  define void @helper_inner() {
    call void @deepest()
    ret void
  }

  declare void @deepest()
  declare void @kept()
)";

TEST_F(InlineTest, CallsOfHelpersInHelpers) {
  EXPECT_TRUE(run(Nested).empty());
  EXPECT_EQ(callees("caller"), "deepest kept kept");
  ASSERT_EQ(Callers.size(), 1u);
  EXPECT_EQ(Callers[0]->getName(), "caller");
}

TEST_F(InlineTest, BodiesRemain) {
  run(Nested);
  for (Function *Helper : Helpers)
    EXPECT_FALSE(Helper->isDeclaration()) << Helper->getName().str();
}

TEST_F(InlineTest, BodiesAreDeletedOnceUnused) {
  DeleteBodies = true;
  EXPECT_TRUE(run(Nested).empty());
  EXPECT_EQ(callees("caller"), "deepest kept kept");
  ASSERT_EQ(Helpers.size(), 2u);
  for (Function *Helper : Helpers)
    EXPECT_TRUE(Helper->isDeclaration()) << Helper->getName().str();
}

TEST_F(InlineTest, BodiesInUseAreNotDeleted) {
  DeleteBodies = true;
  run(Nested, [](const CallBase &) { return false; });
  EXPECT_EQ(callees("caller"), "helper_inner kept kept");
  EXPECT_TRUE(M->getFunction("helper_outer")->isDeclaration());
  EXPECT_FALSE(M->getFunction("helper_inner")->isDeclaration());
}

TEST_F(InlineTest, NestedCallsAreAskedFor) {
  unsigned Asked = 0;
  EXPECT_TRUE(run(Nested, [&](const CallBase &CB) {
                EXPECT_EQ(CB.getCalledFunction()->getName(), "helper_inner");
                EXPECT_EQ(CB.getCaller()->getName(), "caller");
                ++Asked;
                return false;
              }).empty());
  EXPECT_EQ(Asked, 1u);
  EXPECT_EQ(callees("caller"), "helper_inner kept kept");
}

TEST_F(InlineTest, RecursionEnds) {
  DeleteBodies = true;
  EXPECT_TRUE(run(R"(
    define void @caller() {
      call void @helper_a()
      ret void
    }

    define void @helper_a() {
      call void @mark_a()
      call void @helper_b()
      ret void
    }

    define void @helper_b() {
      call void @mark_b()
      call void @helper_a()
      ret void
    }

    declare void @mark_a()
    declare void @mark_b()
  )")
                  .empty());
  EXPECT_EQ(callees("caller"), "mark_a mark_b helper_a");
}

TEST_F(InlineTest, TwiceInOneCaller) {
  DeleteBodies = true;
  EXPECT_TRUE(run(R"(
    define void @caller() {
      call void @helper()
      call void @helper()
      ret void
    }

    define void @helper() {
      call void @mark()
      ret void
    }

    declare void @mark()
  )")
                  .empty());
  EXPECT_EQ(callees("caller"), "mark mark");
}

TEST_F(InlineTest, WhatLLVMCannotInlineIsReturned) {
  std::vector<FailedInlining> Failed = run(R"(
    define void @caller() gc "statepoint-example" {
      call void @helper()
      ret void
    }

    define void @helper() gc "shadow-stack" {
      ret void
    }
  )");
  ASSERT_EQ(Failed.size(), 1u);
  EXPECT_EQ(Failed[0].Call->getCalledFunction()->getName(), "helper");
  EXPECT_FALSE(Failed[0].Reason.empty());
  EXPECT_TRUE(Callers.empty());
}
