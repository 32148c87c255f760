//===- ImportTest.cpp -----------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Import.h"
#include "Testing.h"
#include "passes/TargetFeatures.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// adaptAttributes
//===----------------------------------------------------------------------===//

TEST(Import, AttributesOfCodeGenerationAreTheModels) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    define void @helper() nounwind cold sspstrong noredzone minsize
        "frame-pointer"="none" "target-features"="+avx2"
        "sign-return-address"="all" {
      ret void
    }

    define void @model() uwtable inlinehint noinline sanitize_address
        "frame-pointer"="all" "target-cpu"="x86-64" {
      ret void
    }

    define void @expected() nounwind cold uwtable
        "frame-pointer"="all" "sign-return-address"="all" {
      ret void
    }

    define void @special() "target-cpu"="haswell" "tune-cpu"="generic"
        "target-features"="+avx2" {
      ret void
    }
  )");
  Function &Helper = *M->getFunction("helper");
  adaptAttributes(Helper, M->getFunction("model"), false);
  EXPECT_EQ(
      Helper.getAttributes().getFnAttrs().getAsString(),
      M->getFunction("expected")->getAttributes().getFnAttrs().getAsString());

  // What depends on its target keeps it.
  Function &Special = *M->getFunction("special");
  AttributeList Before = Special.getAttributes();
  adaptAttributes(Special, nullptr, true);
  EXPECT_EQ(Special.getAttributes(), Before);
}

TEST(Import, AttributesOfParametersStay) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    define noundef ptr @helper(ptr nonnull %p) sspstrong {
      ret ptr %p
    }
  )");
  Function &Helper = *M->getFunction("helper");
  adaptAttributes(Helper, nullptr, false);
  EXPECT_FALSE(Helper.getAttributes().hasFnAttrs());
  EXPECT_TRUE(Helper.hasRetAttribute(Attribute::NoUndef));
  EXPECT_TRUE(Helper.hasParamAttribute(0, Attribute::NonNull));
}

TEST(Import, OptNoneStaysValid) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    define internal void @helper() noinline optnone {
      ret void
    }

    define void @model() minsize optsize {
      ret void
    }
  )");
  adaptAttributes(*M->getFunction("helper"), M->getFunction("model"), false);
  EXPECT_TRUE(M->getFunction("helper")->hasOptNone());
  EXPECT_FALSE(verifyModule(*M, &errs()));
}

TEST(Import, NullPointerIsValidIsLowered) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    define void @f(ptr %p) null_pointer_is_valid {
      ret void
    }
  )");
  Function &F = *M->getFunction("f");
  adaptAttributes(F, nullptr, false);
  EXPECT_FALSE(F.hasFnAttribute(Attribute::NullPointerIsValid));
}

TEST(Import, NoBuiltinMovesToTheCalls) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    declare i64 @strlen(ptr)
    declare i64 @wcslen(ptr)
    declare i32 @llvm.bswap.i32(i32)

    define void @one(ptr %p) "no-builtin-strlen" {
      call i64 @strlen(ptr %p)
      call i64 @wcslen(ptr %p)
      ret void
    }

    define void @all(ptr %p) "no-builtins" {
      call i64 @strlen(ptr %p)
      call i32 @llvm.bswap.i32(i32 1)
      ret void
    }
  )");
  auto NoBuiltins = [&](StringRef Name) {
    Function &F = *M->getFunction(Name);
    adaptAttributes(F, nullptr, false);
    EXPECT_FALSE(F.getAttributes().hasFnAttrs());
    std::string Result;
    for (Instruction &I : instructions(F))
      if (auto *CB = dyn_cast<CallBase>(&I))
        Result += CB->isNoBuiltin() ? '1' : '0';
    return Result;
  };
  EXPECT_EQ(NoBuiltins("one"), "10");
  EXPECT_EQ(NoBuiltins("all"), "10");
}

//===----------------------------------------------------------------------===//
// moveIntoModule
//===----------------------------------------------------------------------===//

static constexpr StringLiteral Library = R"(
  module asm ".globl from_asm"

  @text = private constant [3 x i8] c"hi\00"
  @unwanted_text = private constant [3 x i8] c"no\00"
  @shared = global i32 7
  @llvm.used = appending global [1 x ptr] [ptr @unwanted]

  define void @first() {
    call void @local(ptr @text)
    ret void
  }

  define void @second() {
    store i32 1, ptr @shared
    call void @unwanted()
    ret void
  }

  define void @unwanted() {
    call void @local(ptr @unwanted_text)
    ret void
  }

  define internal void @local(ptr %p) noinline {
    ret void
  }

  !llvm.ident = !{!0}
  !0 = !{!"a compiler"}
)";

static std::string names(ArrayRef<WeakVH> Definitions) {
  std::vector<std::string> Names;
  for (const WeakVH &Handle : Definitions)
    Names.push_back(static_cast<Value *>(Handle)->getName().str());
  llvm::sort(Names);
  return join(Names, " ");
}

/// Moves \p Names from a library with the text \p Text into \p M.
static std::vector<WeakVH> moveFrom(StringRef Text, ArrayRef<StringRef> Names,
                                    Module &M) {
  TemporaryFile File(assemble(Text));
  HelperLibrary Opened = openLibrary(File, M.getContext());
  std::vector<HelperClosure> Closures;
  for (StringRef Name : Names)
    Closures.push_back(
        OrExit(materializeClosure(Opened, *Opened.module().getFunction(Name))));
  FeatureBaseline Baseline(Opened.module());
  return moveIntoModule(M, std::move(Opened), Closures, Baseline,
                        /*Model=*/nullptr, DebugInfoKind::Strip);
}

TEST(Import, MovesJustWhatIsListed) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    @table = global [2 x ptr] [ptr @first, ptr @second]
    declare void @first()
    declare void @second()
  )");
  std::vector<WeakVH> New = moveFrom(Library, {"first", "second"}, *M);

  EXPECT_EQ(names(New), "first local second text");
  for (const WeakVH &Handle : New)
    EXPECT_TRUE(
        cast<GlobalValue>(static_cast<Value *>(Handle))->hasLocalLinkage())
        << static_cast<Value *>(Handle)->getName().str();
  EXPECT_TRUE(M->getFunction("unwanted")->isDeclaration());
  EXPECT_TRUE(M->getNamedGlobal("shared")->isDeclaration());
  EXPECT_EQ(M->getNamedValue("unwanted_text"), nullptr);
  EXPECT_EQ(M->getNamedValue("llvm.used"), nullptr);
  EXPECT_EQ(M->getNamedMetadata("llvm.ident"), nullptr);
  EXPECT_EQ(M->getModuleInlineAsm(), "");
  EXPECT_FALSE(verifyModule(*M, &errs()));
}

TEST(Import, SymbolsAreTheCrates) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    @known = external global i8
    @taken = internal global i32 1

    define ptr @caller() {
      call void @helper()
      ret ptr @taken
    }

    declare void @helper()
    declare i32 @known_function()
  )");
  std::vector<WeakVH> New = moveFrom(R"(
    @known = global i32 7
    @taken = weak thread_local global i32 7, comdat
    @plus = alias i32 (i32), ptr @add
    $taken = comdat any

    define void @helper() {
      %1 = load i32, ptr @known
      %2 = load i32, ptr @taken
      %3 = call i32 @plus(i32 %1)
      %4 = call i32 @known_function()
      ret void
    }

    define i32 @add(i32 %x) {
      ret i32 %x
    }

    declare i32 @known_function()
  )",
                                     {"helper"}, *M);
  EXPECT_EQ(names(New), "helper");
  EXPECT_EQ(M->getNamedGlobal("known")->getValueType(),
            Type::getInt8Ty(Context));
  // What is local to the crate gives way.
  GlobalVariable *Taken = M->getNamedGlobal("taken");
  EXPECT_TRUE(Taken->isDeclaration() && Taken->isThreadLocal() &&
              Taken->hasExternalLinkage() && !Taken->hasComdat());
  auto *Return =
      cast<ReturnInst>(M->getFunction("caller")->back().getTerminator());
  EXPECT_TRUE(cast<GlobalVariable>(Return->getReturnValue())->hasInitializer());
  EXPECT_TRUE(M->getFunction("plus")->isDeclaration());
  EXPECT_EQ(M->getNamedValue("add"), nullptr);
  EXPECT_EQ(M->size(), 4u);
  EXPECT_FALSE(verifyModule(*M, &errs()));
}

TEST(Import, NoCallbackIsTakenBack) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    declare void @helper()
    declare void @known() nocallback
  )");
  moveFrom(R"(
    define void @helper() nocallback {
      call void @known() nocallback
      call void @other()
      call void @llvm.donothing()
      ret void
    }

    declare void @known()
    declare void @other() nocallback
    declare void @llvm.donothing() nocallback
  )",
           {"helper"}, *M);
  for (StringRef Name : {"helper", "known", "other"})
    EXPECT_FALSE(M->getFunction(Name)->hasFnAttribute(Attribute::NoCallback))
        << Name.str();
  EXPECT_TRUE(
      M->getFunction("llvm.donothing")->hasFnAttribute(Attribute::NoCallback));
  for (const Instruction &I : instructions(*M->getFunction("helper"))) {
    const auto *Call = dyn_cast<CallBase>(&I);
    EXPECT_FALSE(Call &&
                 Call->getAttributes().hasFnAttr(Attribute::NoCallback));
  }
}

TEST(Import, EraseUnusedKeepsWhatIsUsed) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    @used = internal constant i32 1
    @only_used_by_dead = internal constant ptr @used_by_nobody
    @used_by_nobody = internal constant i32 2
    @root = global ptr @used

    define internal ptr @dead() {
      ret ptr @only_used_by_dead
    }

    define internal void @alive() {
      ret void
    }

    define void @main() {
      call void @alive()
      ret void
    }
  )");
  std::vector<WeakVH> Definitions;
  for (StringRef Name :
       {"used", "only_used_by_dead", "used_by_nobody", "dead", "alive"})
    Definitions.emplace_back(M->getNamedValue(Name));
  eraseUnused(Definitions);
  EXPECT_NE(M->getNamedValue("used"), nullptr);
  EXPECT_NE(M->getNamedValue("alive"), nullptr);
  EXPECT_EQ(M->getNamedValue("only_used_by_dead"), nullptr);
  EXPECT_EQ(M->getNamedValue("used_by_nobody"), nullptr);
  EXPECT_EQ(M->getNamedValue("dead"), nullptr);
}
