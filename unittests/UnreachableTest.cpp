//===- UnreachableTest.cpp ------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Unreachable.h"
#include "Testing.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;
using namespace inline_helpers;

namespace {
class UnreachableTest : public testing::Test {
protected:
  UnreachableTest() {
    PB.registerModuleAnalyses(MAM);
    PB.registerCGSCCAnalyses(CGAM);
    PB.registerFunctionAnalyses(FAM);
    PB.registerLoopAnalyses(LAM);
    PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  }

  /// Looks at the calls of functions named "helper...", which are defined.
  std::vector<UnreachableCall> run(
      StringRef IR, function_ref<bool(const CallBase &)> MayInline =
                        [](const CallBase &) { return true; }) {
    M = parseIR(Context, IR);
    SetVector<Function *> Helpers;
    std::vector<CallBase *> Calls;
    for (Function &F : *M)
      if (F.getName().starts_with("helper"))
        Helpers.insert(&F);
    for (Function &F : *M)
      for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallBase>(&I);
            Call && !Helpers.contains(&F) &&
            Helpers.contains(Call->getCalledFunction()))
          Calls.push_back(Call);
    std::string Before = writeEverything();
    std::vector<UnreachableCall> Found =
        findUnreachable(Calls, Helpers, MayInline, FAM);
    // Order, names and metadata are what they were.
    EXPECT_EQ(writeEverything(), Before);
    EXPECT_FALSE(verifyModule(*M, &errs()));
    // Copies have used up no number either.
    StringRef Taken = Helpers.front()->getName();
    auto *Next = Function::Create(Helpers.front()->getFunctionType(),
                                  GlobalValue::ExternalLinkage, Taken, *M);
    EXPECT_EQ(Next->getName(), (Taken + ".1").str());
    return Found;
  }

  /// The module with the order of uses, which passes depend on.
  std::string writeEverything() const {
    std::string Bitcode;
    raw_string_ostream OS(Bitcode);
    WriteBitcodeToFile(*M, OS, /*ShouldPreserveUseListOrder=*/true);
    return OS.str();
  }

  LLVMContext Context;
  std::unique_ptr<Module> M;
  PassBuilder PB;
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
};
} // namespace

/// Attributes, memory, debug info, an intrinsic that only the trial uses.
static constexpr StringLiteral WithDebugInfo = R"(
  define internal i32 @caller(i32 %x) !dbg !4 {
    %divisor = alloca i32, !dbg !6
    store i32 0, ptr %divisor, !dbg !6
      #dbg_declare(ptr %divisor, !7, !DIExpression(), !6)
    %y = load i32, ptr %divisor, !dbg !6
    %r = call i32 @helper(i32 %x, i32 %y), !dbg !6
    call void @helper_local(), !dbg !6
    ret i32 %r, !dbg !6
  }

  define i32 @other() {
    %r = call i32 @caller(i32 1)
    ret i32 %r
  }

  define internal i32 @helper(i32 %a, i32 %b) willreturn memory(none) {
    %r = sdiv i32 %a, %b
    ret i32 %r
  }

  define internal void @helper_local() {
    %v = alloca [64 x i8]
    call void @print(ptr %v)
    ret void
  }

  declare void @print(ptr)

  !llvm.dbg.cu = !{!0}
  !llvm.module.flags = !{!1}

  !0 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !2, isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug)
  !1 = !{i32 2, !"Debug Info Version", i32 3}
  !2 = !DIFile(filename: "src/main.rs", directory: "/crate")
  !3 = !DISubroutineType(types: !{})
  !4 = distinct !DISubprogram(name: "caller", scope: !2, file: !2, line: 10, type: !3, scopeLine: 10, spFlags: DISPFlagDefinition, unit: !0)
  !6 = !DILocation(line: 11, column: 5, scope: !4)
  !7 = !DILocalVariable(name: "divisor", scope: !4, file: !2, line: 11, type: !8)
  !8 = !DIBasicType(name: "i32", size: 32, encoding: DW_ATE_signed)
)";

TEST_F(UnreachableTest, SaysWhatAndWhere) {
  std::vector<UnreachableCall> Found = run(WithDebugInfo);
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Helper, "helper");
  EXPECT_EQ(Found[0].Caller, "caller");
  EXPECT_EQ(Found[0].Location, "src/main.rs:11:5");
  EXPECT_EQ(Found[0].Cause, "a division by zero");
}

TEST_F(UnreachableTest, NothingIsCached) {
  run(WithDebugInfo);
  // An analysis of a function that is gone would be one of the next function
  // at its address.
  EXPECT_TRUE(FAM.empty());
}

TEST_F(UnreachableTest, MessageNamesTheCaller) {
  UnreachableCall Call = {"helper", "_ZN4main5wrong17h0123456789abcdefE", "",
                          "a division by zero"};
  EXPECT_EQ(Call.message(),
            "becomes unreachable in 'main::wrong': it always ends in a "
            "division by zero; help: check what this call hands to the "
            "helper, and that the helper returns on every path");
  Call.Caller = "main";
  Call.Location = "main.rs:1:2";
  EXPECT_TRUE(
      StringRef(Call.message())
          .starts_with(
              "becomes unreachable in 'main' at main.rs:1:2: it always"));
  // No hash.
  Call.Caller = "_ZN4main17h0123456789abcdezE";
  EXPECT_TRUE(StringRef(Call.message())
                  .starts_with("becomes unreachable in "
                               "'main::h0123456789abcdez' at"));
}

TEST_F(UnreachableTest, LineZeroIsNoLocation) {
  std::vector<UnreachableCall> Found = run(R"(
    define i32 @caller() !dbg !4 {
      %r = call i32 @helper(), !dbg !6
      ret i32 %r
    }

    define i32 @helper() {
      unreachable
    }

    !llvm.dbg.cu = !{!0}
    !llvm.module.flags = !{!1}

    !0 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !2, isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug)
    !1 = !{i32 2, !"Debug Info Version", i32 3}
    !2 = !DIFile(filename: "src/main.rs", directory: "/crate")
    !3 = !DISubroutineType(types: !{})
    !4 = distinct !DISubprogram(name: "caller", scope: !2, file: !2, line: 10, type: !3, scopeLine: 10, spFlags: DISPFlagDefinition, unit: !0)
    !6 = !DILocation(line: 0, scope: !4)
  )");
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Location, "");
}

TEST_F(UnreachableTest, OnlyPromisingCallersAreTried) {
  // Each asks whether the inner call may be inlined when it is tried.
  static constexpr StringLiteral IR = R"(
    define i32 @tried() {
      %r = call i32 @helper_outer(i32 1, i32 0)
      ret i32 %r
    }

    define i32 @nonzero(i32 %x) {
      %r = call i32 @helper_outer(i32 %x, i32 3)
      ret i32 %r
    }

    define i32 @unknown(i32 %x, ptr %p) {
      %divisor = load i32, ptr %p
      %r = call i32 @helper_outer(i32 %x, i32 %divisor)
      ret i32 %r
    }

    define i32 @no_hazard() {
      %r = call i32 @helper_add(i32 0, i32 0)
      ret i32 %r
    }

    define i32 @helper_outer(i32 %a, i32 %b) {
      %r = call i32 @helper_inner(i32 %a, i32 %b)
      ret i32 %r
    }

    define i32 @helper_inner(i32 %a, i32 %b) {
      %r = udiv i32 %a, %b
      ret i32 %r
    }

    define i32 @helper_add(i32 %a, i32 %b) {
      %r = add i32 %a, %b
      ret i32 %r
    }
  )";
  unsigned Asked = 0;
  std::vector<UnreachableCall> Found = run(IR, [&](const CallBase &) {
    ++Asked;
    return true;
  });
  EXPECT_EQ(Asked, 1u);
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Caller, "tried");
}

TEST_F(UnreachableTest, WhatMayFoldIsTried) {
  std::vector<UnreachableCall> Found = run(R"(
    @zero = internal constant i32 0

    define i32 @a_phi(i1 %c) {
    entry:
      br i1 %c, label %other, label %call

    other:
      br label %call

    call:
      %zero = phi i32 [ 0, %entry ], [ 0, %other ]
      %r = call i32 @helper(i32 %zero)
      ret i32 %r
    }

    define i32 @b_select(i1 %c) {
      %zero = select i1 %c, i32 0, i32 0
      %r = call i32 @helper(i32 %zero)
      ret i32 %r
    }

    define i32 @c_arithmetic() {
      %one = zext i1 true to i32
      %zero = sub i32 %one, 1
      %r = call i32 @helper(i32 %zero)
      ret i32 %r
    }

    define i32 @d_constant() {
      %zero = load i32, ptr @zero
      %r = call i32 @helper(i32 %zero)
      ret i32 %r
    }

    define i32 @e_result() {
      %zero = call i32 @helper_zero()
      %r = call i32 @helper(i32 %zero)
      ret i32 %r
    }

    define i32 @f_intrinsic() {
      %zero = call i32 @llvm.umin.i32(i32 0, i32 1)
      %r = call i32 @helper(i32 %zero)
      ret i32 %r
    }

    define i32 @g_case(i32 %x) {
      switch i32 %x, label %end [ i32 0, label %call ]

    call:
      %r = call i32 @helper(i32 %x)
      ret i32 %r

    end:
      ret i32 1
    }

    define i32 @h_pointer() {
      %local = alloca i32
      store i32 0, ptr %local
      %r = call i32 @helper_load(ptr %local)
      ret i32 %r
    }

    define i32 @i_undefined() {
      %r = call i32 @helper_load(ptr undef)
      ret i32 %r
    }

    define i32 @helper(i32 %x) {
      %r = udiv i32 7, %x
      ret i32 %r
    }

    define i32 @helper_load(ptr %p) {
      %x = load i32, ptr %p
      %r = udiv i32 7, %x
      ret i32 %r
    }

    define i32 @helper_zero() {
      ret i32 0
    }

    declare i32 @llvm.umin.i32(i32, i32)
  )");
  std::string Callers;
  for (const UnreachableCall &Call : Found)
    Callers += Call.Caller[0];
  EXPECT_EQ(Callers, "abcdefghi");
}

TEST_F(UnreachableTest, WhatIsNotInlinedIsNotJudged) {
  EXPECT_TRUE(run(R"(
    define i32 @caller() {
      %r = call i32 @helper_outer(i32 0)
      ret i32 %r
    }

    define i32 @helper_outer(i32 %b) {
      %r = call i32 @helper_inner(i32 %b)
      ret i32 %r
    }

    define i32 @helper_inner(i32 %b) {
      %r = udiv i32 7, %b
      ret i32 %r
    }
  )",
                  [](const CallBase &) { return false; })
                  .empty());
}
