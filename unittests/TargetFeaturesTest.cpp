//===- TargetFeaturesTest.cpp ---------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/TargetFeatures.h"
#include "Testing.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// FeatureBaseline
//===----------------------------------------------------------------------===//

/// Returns the names of the functions of \p IR that exceed its baseline.
static std::string exceeding(StringRef IR) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, IR);
  FeatureBaseline Baseline(*M);
  std::string Names;
  for (const Function &F : *M)
    if (!F.isDeclaration() && Baseline.isExceededBy(F))
      Names += (F.getName() + " ").str();
  return Names;
}

TEST(TargetFeatures, BaselineIsWhatMostHave) {
  EXPECT_EQ(exceeding(R"(
    define void @more() "target-features"="+avx2,+sse,+sse2" { ret void }
    define void @one() "target-features"="+sse2,+sse,-avx" { ret void }
    define void @less() "target-features"="+sse" { ret void }
    define void @two() "target-features"="+sse2,+sse,-avx" { ret void }
    declare void @declared() "target-features"="+sse"
    declare void @declared_too() "target-features"="+sse"
  )"),
            "more ");
}

TEST(TargetFeatures, AnotherCPUExceedsTheBaselineAlone) {
  EXPECT_EQ(exceeding(R"(
    define void @one() "target-cpu"="x86-64" { ret void }
    define void @haswell() "target-cpu"="haswell" { ret void }
    define void @two() "target-cpu"="x86-64" { ret void }
  )"),
            "haswell ");
}

TEST(TargetFeatures, FewerFeaturesWinWhereBothAreAsCommon) {
  StringRef More = "define void @more() \"target-features\"=\"+avx\" "
                   "{ ret void }\n";
  StringRef Less = "define void @less() { ret void }\n";
  EXPECT_EQ(exceeding((More + Less).str()), "more ");
  EXPECT_EQ(exceeding((Less + More).str()), "more ");
}

TEST(TargetFeatures, WhatDependsOnNoneNeedsNone) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    define void @one() #0 { ret void }
    define void @two() #0 { ret void }
    define <vscale x 4 x i32> @scalable(<vscale x 4 x i32> %x) #0 {
      %r = add <vscale x 4 x i32> %x, %x
      ret <vscale x 4 x i32> %r
    }
    define void @more() "target-cpu"="some" "target-features"="+b,-a,+c" {
      ret void
    }
    declare void @declared() #0
    attributes #0 = { "target-cpu"="some" "target-features"="+b,-a"
                      "tune-cpu"="other" }
  )");
  std::string Before = print(*M);
  auto WithTarget = [&] {
    std::string Names;
    for (const Function &F : *M)
      if (F.hasFnAttribute("target-cpu") ||
          F.hasFnAttribute("target-features") || F.hasFnAttribute("tune-cpu"))
        Names += (F.getName() + " ").str();
    return Names;
  };
  FeatureBaseline Baseline(*M);
  Baseline.set(*M);
  Baseline.dropTargets(*M);
  EXPECT_EQ(WithTarget(), "scalable more ");
  // As they were judged with their features.
  FeatureBaseline Read(*M);
  for (StringRef Name : {"one", "two"})
    EXPECT_FALSE(Read.findUse(*M->getFunction(Name))) << Name.str();
  for (StringRef Name : {"scalable", "more"})
    EXPECT_TRUE(Read.findUse(*M->getFunction(Name))) << Name.str();
  Read.restoreTargets(*M);
  EXPECT_EQ(WithTarget(), "one two scalable more ");
  M->getFunction("declared")
      ->setAttributes(M->getFunction("one")->getAttributes());
  EXPECT_EQ(print(*M), Before);
}

TEST(TargetFeatures, WrittenBaselineHoldsForAPart) {
  LLVMContext Context;
  std::unique_ptr<Module> Whole = parseIR(Context, R"(
    define void @one() "target-cpu"="c" "target-features"="+b,+a,-d" { ret void }
    define void @two() "target-cpu"="c" "target-features"="+a,+b" { ret void }
    define void @more() "target-cpu"="c" "target-features"="+a,+b,+d" { ret void }
  )");
  std::unique_ptr<Module> Part = parseIR(Context, R"(
    define void @more() "target-cpu"="c" "target-features"="+a,+b,+d" { ret void }
    define void @one() "target-cpu"="c" "target-features"="+b,+a,-d" { ret void }
    define void @more_too() "target-cpu"="c" "target-features"="+d" { ret void }
  )");
  FeatureBaseline(*Whole).set(*Part);
  FeatureBaseline(*Whole).set(*Part);
  FeatureBaseline Read(*Part);
  EXPECT_TRUE(Read.isExceededBy(*Part->getFunction("more")));
  EXPECT_TRUE(Read.isExceededBy(*Part->getFunction("more_too")));
  EXPECT_FALSE(Read.isExceededBy(*Part->getFunction("one")));
}

//===----------------------------------------------------------------------===//
// getModelFunction
//===----------------------------------------------------------------------===//

/// Returns the name of the model of \p IR, or "".
static std::string modelOf(StringRef IR) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, IR);
  const Function *Model = getModelFunction(*M);
  return Model ? Model->getName().str() : "";
}

TEST(TargetFeatures, TheModelHasWhatAllHave) {
  EXPECT_EQ(modelOf(R"(
    declare void @declared()
    define void @more() "target-features"="+avx2,+sse" { ret void }
    define void @again() "target-features"="+avx2,+sse" { ret void }
    define void @less() "target-features"="+sse" { ret void }
    define void @less_too() "target-features"="+sse" { ret void }
  )"),
            "less");
  // What is turned on twice is one feature.
  EXPECT_EQ(modelOf(R"(
    define void @twice() "target-features"="+avx,+avx" { ret void }
    define void @less() { ret void }
  )"),
            "less");
}

TEST(TargetFeatures, NoModelWithoutDefinitions) {
  EXPECT_EQ(modelOf("declare void @f()"), "");
}

TEST(TargetFeatures, NoModelWhereNoneHasTheLeast) {
  EXPECT_EQ(modelOf(R"(
    define void @one() "target-features"="+avx" { ret void }
    define void @other() "target-features"="+bmi" { ret void }
  )"),
            "");
  EXPECT_EQ(modelOf(R"(
    define void @one() "target-cpu"="x86-64" { ret void }
    define void @other() "target-cpu"="haswell" { ret void }
  )"),
            "");
}

//===----------------------------------------------------------------------===//
// findUse
//===----------------------------------------------------------------------===//

/// Says what @helper, the only function of its library, depends on.
static std::string useOf(StringRef Body, StringRef Features = "") {
  LLVMContext Context;
  std::unique_ptr<Module> M =
      parseIR(Context, ("define void @helper(ptr %p) \"target-features\"=\"" +
                        Features + "\" {\n" + Body + "\n  ret void\n}\n" + R"(
    declare void @give(double)
    declare { i32, float } @take()
    declare i32 @llvm.x86.sse42.crc32.32.32(i32, i32)
    declare i64 @llvm.vscale.i64()
    declare double @llvm.fabs.f64(double)
  )")
                           .str());
  FeatureBaseline Baseline(*M);
  const std::optional<FeatureUse> &Use =
      Baseline.findUse(*M->getFunction("helper"));
  return Use ? (getReasonName(Use->What.Reason) + ": " + Use->What.Detail).str()
             : "";
}

TEST(TargetFeatures, WhatDependsOnFeatures) {
  EXPECT_EQ(useOf("%r = call i32 @llvm.x86.sse42.crc32.32.32(i32 1, i32 2)"),
            "target-features: llvm.x86.sse42.crc32.32.32");
  EXPECT_EQ(useOf("call void @give(double 1.0)"),
            "target-features: a call with floating-point or vector values");
  EXPECT_EQ(useOf("%r = call { i32, float } @take()"),
            "target-features: a call with floating-point or vector values");
  EXPECT_EQ(useOf("%r = call i64 @llvm.vscale.i64()"),
            "target-features: llvm.vscale.i64");
  EXPECT_EQ(useOf("%v = load <vscale x 4 x i32>, ptr %p"),
            "target-features: a scalable vector");
  EXPECT_EQ(useOf("%v = alloca <vscale x 4 x i32>"),
            "target-features: a scalable vector");
  EXPECT_EQ(useOf("store <vscale x 4 x i32> zeroinitializer, ptr %p"),
            "target-features: a scalable vector");
  EXPECT_EQ(useOf("call void asm \"\", \"x\"(double 1.0)"), "inline-asm: ");
}

TEST(TargetFeatures, WhatDoesNot) {
  EXPECT_EQ(useOf("%v = load <4 x i32>, ptr %p", "+avx2"), "");
  EXPECT_EQ(useOf("%r = call double @llvm.fabs.f64(double 1.0)", "+avx2"), "");
}

TEST(TargetFeatures, AssemblyDependsOnFeaturesNotEveryCPUHas) {
  StringRef Asm = "call void asm sideeffect \"nop\", \"\"()";
  EXPECT_EQ(useOf(Asm), "");
  EXPECT_EQ(useOf(Asm, "+cx8,+cmov,+fxsr,-sse4.2,+retpoline"), "");
  EXPECT_EQ(useOf(Asm, "+cx8,+sse4.2"), "target-features: assembly");
  EXPECT_EQ(useOf(Asm, "+v8a,+neon,+outline-atomics"), "");
  EXPECT_EQ(useOf(Asm, "+v8a,+lse"), "target-features: assembly");
  EXPECT_EQ(useOf("call void asm sideeffect \"\", \"~{memory}\"()", "+avx2"),
            "");
}

TEST(TargetFeatures, TheAnswerIsThatOfTheFirstTime) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    define void @helper() "target-features"="+avx2" { ret void }
    define void @one() { ret void }
    define void @two() { ret void }
  )");
  Function &Helper = *M->getFunction("helper");
  FeatureBaseline Baseline(*M);
  EXPECT_TRUE(Baseline.findUse(Helper).has_value());
  Helper.removeFnAttr("target-features");
  EXPECT_TRUE(Baseline.findUse(Helper).has_value());
}
