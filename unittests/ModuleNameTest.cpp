//===- ModuleNameTest.cpp -------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/ModuleName.h"
#include "Testing.h"
#include "llvm/IR/Constants.h"

using namespace llvm;
using namespace inline_helpers;

TEST(ModuleName, WhatIsAName) {
  EXPECT_TRUE(isModuleName("rnull_mod"));
  EXPECT_TRUE(isModuleName("8021q"));
  EXPECT_TRUE(isModuleName(std::string(MaxModuleNameSize, 'a')));
  EXPECT_FALSE(isModuleName(std::string(MaxModuleNameSize + 1, 'a')));
  for (StringRef Name : {"", "a-b", "a b", "a.b", "a/b", "a\n", "\xc3\xa9"})
    EXPECT_FALSE(isModuleName(Name)) << Name.str();
}

TEST(ModuleName, NameOfAFileIsKbuilds) {
  EXPECT_EQ(getModuleName("drivers/block/rnull_mod"), "rnull_mod");
  EXPECT_EQ(getModuleName("drivers/block/rnull-mod,x"), "rnull_mod_x");
  EXPECT_EQ(getModuleName("./rnull"), "rnull");
  EXPECT_EQ(getModuleName("rnull"), "rnull");
  // Of an object in two modules kbuild gives both.
  EXPECT_EQ(getModuleName("drivers/a drivers/b"), "b");
  EXPECT_EQ(getModuleName("drivers/a:b"), "");
  EXPECT_EQ(getModuleName("drivers/"), "");
  EXPECT_EQ(getModuleName(""), "");
}

TEST(ModuleName, EachPlaceholderIsReplaced) {
  std::string Text = ("a" + ModuleNamePlaceholder + "b" +
                      ModuleNamePlaceholder + ModuleNamePlaceholder)
                         .str();
  EXPECT_EQ(replacePlaceholder(Text, "x"), "axbxx");
  EXPECT_EQ(replacePlaceholder("plain", "x"), "plain");
  EXPECT_EQ(replacePlaceholder("", "x"), "");
}

/// Returns \p IR with each "NAME" made the placeholder; array sizes in it are
/// those of the text.
static std::string withPlaceholder(StringRef IR) {
  SmallVector<StringRef> Parts;
  IR.split(Parts, "NAME");
  return join(Parts, ModuleNamePlaceholder);
}

namespace {
class ModuleNameUseTest : public testing::Test {
protected:
  void open(StringRef IR) {
    File.emplace(assemble(withPlaceholder(IR)));
    Library.emplace(openLibrary(*File, Context));
  }
  HelperClosure closure(StringRef Name) {
    return OrExit(
        materializeClosure(*Library, *Library->module().getFunction(Name)));
  }
  ModuleNameUse use(StringRef Name) { return findModuleNameUse(closure(Name)); }

  LLVMContext Context;
  std::optional<TemporaryFile> File;
  std::optional<HelperLibrary> Library;
};
} // namespace

static constexpr StringLiteral Uses = R"(
  @text = private unnamed_addr constant [60 x i8] c"<NAME>: \00"
  @padded = private constant [60 x i8] c"NAME\00\00\00\00\00"
  @variable = internal global [56 x i8] c"NAME\00"
  @table = private constant [1 x ptr] [ptr @text]
  @behind = private constant [1 x ptr] [ptr getelementptr (i8, ptr @text, i64 57)]
  declare void @print(ptr)
  define void @plain() {
    ret void
  }
  define void @prints() {
    call void @print(ptr @text)
    ret void
  }
  define i8 @indexes(i64 %i) {
    %p = getelementptr i8, ptr @text, i64 %i
    %r = load i8, ptr %p
    ret i8 %r
  }
  define void @in_table() {
    %p = load ptr, ptr @table
    call void @print(ptr %p)
    ret void
  }
  define void @points_behind() {
    call void @print(ptr getelementptr (i8, ptr @text, i64 57))
    ret void
  }
  define void @table_behind() {
    %p = load ptr, ptr @behind
    call void @print(ptr %p)
    ret void
  }
  define i8 @pads() {
    %r = load i8, ptr @padded
    ret i8 %r
  }
  define i8 @varies() {
    %r = load i8, ptr @variable
    ret i8 %r
  }
  define i32 @marked() "inline-helpers-module-name" {
    ret i32 55
  }
  define i32 @calls_marked() {
    %r = call i32 @local()
    ret i32 %r
  }
  define internal i32 @local() "inline-helpers-module-name" {
    ret i32 55
  }
)";

TEST_F(ModuleNameUseTest, HowAHelperUsesTheName) {
  open(Uses);
  EXPECT_EQ(use("plain"), ModuleNameUse::None);
  EXPECT_EQ(use("prints"), ModuleNameUse::Text);
  EXPECT_EQ(use("indexes"), ModuleNameUse::Text);
  EXPECT_EQ(use("in_table"), ModuleNameUse::Text);
  EXPECT_EQ(use("points_behind"), ModuleNameUse::Other);
  EXPECT_EQ(use("table_behind"), ModuleNameUse::Other);
  EXPECT_EQ(use("pads"), ModuleNameUse::Other);
  EXPECT_EQ(use("varies"), ModuleNameUse::Other);
  EXPECT_EQ(use("marked"), ModuleNameUse::Other);
  EXPECT_EQ(use("calls_marked"), ModuleNameUse::Other);
  // What another helper does with the string does not matter.
  EXPECT_EQ(use("prints"), ModuleNameUse::Text);
}

TEST_F(ModuleNameUseTest, Judgement) {
  open(Uses);
  EXPECT_FALSE(judgeModuleName(closure("plain"), ""));
  EXPECT_FALSE(judgeModuleName(closure("prints"), "rnull"));
  EXPECT_EQ(judgeModuleName(closure("prints"), ""),
            (Left{LeftReason::ModuleName, "the name is not known"}));
  EXPECT_EQ(judgeModuleName(closure("marked"), "rnull"),
            (Left{LeftReason::ModuleName, "not as text alone"}));
}

TEST_F(ModuleNameUseTest, NameTakesThePlaceInASharedString) {
  open(Uses);
  HelperClosure Closures[] = {closure("prints"), closure("in_table")};
  Module &M = Library->module();
  setModuleName(Closures, "rnull");
  auto *Text = M.getNamedGlobal("text");
  for (const HelperClosure &Closure : Closures)
    EXPECT_TRUE(Closure.Locals.contains(Text));
  EXPECT_EQ(cast<ConstantDataArray>(Text->getInitializer())->getAsCString(),
            "<rnull>: ");
  EXPECT_EQ(Text->getValueType()->getArrayNumElements(), 10u);
  EXPECT_TRUE(Text->hasPrivateLinkage());
  EXPECT_TRUE(Text->hasGlobalUnnamedAddr());
  EXPECT_EQ(M.getNamedGlobal("table")->getInitializer()->getOperand(0), Text);
}

TEST(ModuleName, NoPlaceholderIsLeft) {
  auto ErrorOf = [](StringRef IR) {
    LLVMContext Context;
    std::unique_ptr<Module> M = parseIR(Context, withPlaceholder(IR));
    Error E = checkNoPlaceholder(*M);
    if (!E)
      return std::string();
    std::string Text;
    EXPECT_EQ(take(std::move(E), Text), DiagnosticCode::BrokenModule);
    return Text;
  };
  EXPECT_EQ(ErrorOf("@a = private constant [5 x i8] c\"text\\00\""), "");
  EXPECT_NE(ErrorOf("@a = constant { i32, [56 x i8] } "
                    "{ i32 1, [56 x i8] c\"NAME\\00\" }")
                .find("was left in 'a'"),
            std::string::npos);
  EXPECT_NE(ErrorOf("declare void @f_NAME()").find("was left in 'f_"),
            std::string::npos);
}
