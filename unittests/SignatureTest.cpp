//===- SignatureTest.cpp --------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Signature.h"
#include "Testing.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral X86 = "x86_64-unknown-linux-gnu";
static constexpr StringLiteral AArch64 = "aarch64-unknown-linux-gnu";

static std::unique_ptr<Module> declare(LLVMContext &Context, StringRef Target,
                                       StringRef Text) {
  return parseIR(
      Context,
      ("target triple = \"" + Target + "\"\ndeclare " + Text + "\n").str());
}

/// Compares a call of a function that is declared as \p Called with one that
/// is defined as \p Defined: both are declarations of @f.
///
/// \param AtCall whether the attributes are the call's own.
/// \returns "same", "differs", or what differs.
static std::string compare(StringRef Called, StringRef Defined,
                           StringRef Target = X86, bool AtCall = false) {
  LLVMContext Context;
  std::unique_ptr<Module> M = declare(Context, Target, Called);
  std::unique_ptr<Module> Library = declare(Context, Target, Defined);
  Function &Declaration = *M->getFunction("f");
  Function &Caller = *Function::Create(
      FunctionType::get(Type::getVoidTy(Context), /*isVarArg=*/false),
      GlobalValue::ExternalLinkage, "caller", *M);
  IRBuilder<> Builder(BasicBlock::Create(Context, "", &Caller));
  SmallVector<Value *> Arguments;
  for (const Argument &A : Declaration.args())
    Arguments.push_back(PoisonValue::get(A.getType()));
  CallInst &Call = *Builder.CreateCall(&Declaration, Arguments);
  if (AtCall) {
    Call.setAttributes(Declaration.getAttributes());
    Declaration.setAttributes(AttributeList());
  }
  std::optional<std::string> Differs =
      compareSignatures(Call, Declaration, *Library->getFunction("f"));
  if (!Differs)
    return "same";
  return Differs->empty() ? "differs" : *Differs;
}

/// The same, where attributes are what differs or does not: it does not matter
/// whether they are the call's or the declaration's.
static std::string compareAttributes(StringRef Called, StringRef Defined) {
  std::string OfDeclaration = compare(Called, Defined);
  EXPECT_EQ(compare(Called, Defined, X86, /*AtCall=*/true), OfDeclaration);
  return OfDeclaration;
}

/// Returns \p Count times \p Type, between commas.
static std::string times(unsigned Count, StringRef Type) {
  return join(std::vector<std::string>(Count, Type.str()), ", ");
}

static std::string f(const Twine &Parameters) {
  return ("void @f(" + Parameters + ")").str();
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

TEST(Signature, AggregatesAreTheScalarsInThem) {
  EXPECT_EQ(compare(f("i64, ptr"), f("i64, ptr")), "same");
  EXPECT_EQ(compare(f("{ i64, i64 }"), f("i64, i64")), "same");
  EXPECT_EQ(compare(f("i64, i64"), f("[2 x i64]")), "same");
  EXPECT_EQ(compare(f("{ i32, { float, [1 x i8] } }"), f("i32, float, i8")),
            "same");
  EXPECT_EQ(compare(f("i64"), f("i64, i64")), "differs");
  EXPECT_EQ(compare(f("[2 x i64]"), f("i64")), "differs");
}

TEST(Signature, ScalarsOfOneRegister) {
  EXPECT_EQ(compare(f("i64"), f("ptr")), "same");
  EXPECT_EQ(compare(f("double"), f("<2 x float>")), "same");
  EXPECT_EQ(compare(f("i64"), f("double")), "differs");
  EXPECT_EQ(compare(f("i32"), f("i64")), "differs");
  EXPECT_EQ(compare(f("i32"), f("i16")), "differs");
  EXPECT_EQ(compare(f("double"), f("<2 x i32>")), "differs");
  EXPECT_EQ(compare(f("float"), f("double")), "differs");
}

TEST(Signature, AsManyAsThereAreRegisters) {
  // What calls it, and what it is defined as but for the first argument.
  auto Compare = [](StringRef Target, unsigned Count, StringRef Type) {
    return compare(f("{ " + Type + " }" + (Count == 1 ? "" : ", ") +
                     times(Count - 1, Type)),
                   f(times(Count, Type)), Target);
  };
  EXPECT_EQ(Compare(X86, 6, "i64"), "same");
  EXPECT_EQ(Compare(X86, 7, "i64"), "differs");
  EXPECT_EQ(Compare(X86, 8, "double"), "same");
  EXPECT_EQ(Compare(X86, 9, "double"), "differs");
  EXPECT_EQ(Compare(X86, 8, "<4 x float>"), "same");
  EXPECT_EQ(Compare(AArch64, 8, "i64"), "same");
  EXPECT_EQ(Compare(AArch64, 9, "i64"), "differs");
  EXPECT_EQ(Compare(AArch64, 8, "double"), "same");
  EXPECT_EQ(Compare(AArch64, 9, "double"), "differs");
  // Of more than one register each, or of a size not known.
  EXPECT_EQ(Compare(X86, 1, "i128"), "differs");
  EXPECT_EQ(Compare(X86, 1, "<8 x float>"), "differs");
  EXPECT_EQ(Compare(AArch64, 1, "<vscale x 4 x float>"), "differs");
  EXPECT_EQ(Compare("riscv64-unknown-linux-gnu", 1, "i64"), "differs");
}

TEST(Signature, Results) {
  EXPECT_EQ(compare("{ i64, i64 } @f()", "[2 x i64] @f()"), "same");
  EXPECT_EQ(compare("i64 @f()", "ptr @f()"), "same");
  EXPECT_EQ(compare("i64 @f()", "void @f()"), "differs");
  EXPECT_EQ(compare("[3 x i64] @f()", "{ i64, i64, i64 } @f()"), "differs");
  StringRef Struct = "{ double, double, double, double } @f()";
  EXPECT_EQ(compare("[4 x double] @f()", Struct), "differs");
  EXPECT_EQ(compare("[4 x double] @f()", Struct, AArch64), "same");
  EXPECT_EQ(compare("[3 x i64] @f()", "{ i64, i64, i64 } @f()", AArch64),
            "differs");
}

TEST(Signature, ResultInTheLowBytes) {
  // A structure of AArch64, unless the call says that it is all of an integer.
  for (StringRef Narrow : {"i8 @f()", "i24 @f()", "i32 @f()"}) {
    EXPECT_EQ(compare("i64 @f()", Narrow, AArch64), "same");
    EXPECT_EQ(compare("noundef i64 @f()", Narrow, AArch64), "differs");
    EXPECT_EQ(compare("noundef i64 @f()", Narrow, AArch64, /*AtCall=*/true),
              "differs");
    EXPECT_EQ(compare("i64 @f()", Narrow, X86), "differs");
    EXPECT_EQ(compare("ptr @f()", Narrow, AArch64), "differs");
    EXPECT_EQ(compare("i128 @f()", Narrow, AArch64), "differs");
    EXPECT_EQ(compare(Narrow, "i64 @f()", AArch64), "differs");
  }
  EXPECT_EQ(compare("i64 @f()", "i1 @f()", AArch64), "differs");
  EXPECT_EQ(compare("i64 @f()", "i128 @f()", AArch64), "differs");
  EXPECT_EQ(compare("i64 @f()", "float @f()", AArch64), "differs");
  EXPECT_EQ(compare("void @f(i64)", "void @f(i32)", AArch64), "differs");
}

TEST(Signature, VariableArguments) {
  EXPECT_EQ(compare("void @f(ptr, ...)", "void @f(ptr, ...)"), "same");
  EXPECT_EQ(compare("void @f(ptr, ...)", "void @f(ptr)"), "differs");
  EXPECT_EQ(compare("void @f(ptr)", "void @f(ptr, ...)"), "differs");
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

TEST(Signature, CallingConvention) {
  EXPECT_EQ(compare("void @f()", "fastcc void @f()"), "calling convention");
}

TEST(Signature, ExtensionIsAsMuchAsIsAssumed) {
  EXPECT_EQ(compareAttributes(f("i8 zeroext"), f("i8")), "same");
  EXPECT_EQ(compareAttributes(f("i8"), f("i8 zeroext")), "zeroext");
  EXPECT_EQ(compareAttributes(f("i8 signext"), f("i8 zeroext")), "zeroext");
  EXPECT_EQ(compareAttributes("i8 @f()", "signext i8 @f()"), "same");
}

TEST(Signature, ResultIsNotExtendedByTheOtherSign) {
  EXPECT_EQ(compareAttributes("signext i8 @f()", "i8 @f()"), "same");
  EXPECT_EQ(compareAttributes("zeroext i1 @f()", "i1 @f()"), "same");
  EXPECT_EQ(compareAttributes("zeroext i8 @f()", "signext i8 @f()"), "zeroext");
  EXPECT_EQ(compareAttributes("signext i8 @f()", "zeroext i8 @f()"), "signext");
}

TEST(Signature, OtherAttributesAreEqual) {
  EXPECT_EQ(compareAttributes(f("ptr inreg"), f("ptr inreg")), "same");
  EXPECT_EQ(compareAttributes(f("ptr inreg"), f("ptr")), "inreg");
  EXPECT_EQ(compareAttributes(f("ptr"), f("ptr inreg")), "inreg");
  EXPECT_EQ(compareAttributes(f("ptr noalias"), f("ptr nocapture")), "same");
  EXPECT_EQ(compareAttributes(f("ptr sret([8 x i8])"), f("ptr sret(i64)")),
            "same");
  EXPECT_EQ(compareAttributes(f("ptr sret([9 x i8])"), f("ptr sret(i64)")),
            "sret");
}

TEST(Signature, ByvalHasItsAlignment) {
  StringRef Defined = "void @f(ptr byval(i64) align 8)";
  EXPECT_EQ(compare(Defined, Defined, X86, /*AtCall=*/true), "same");
  EXPECT_EQ(compare("void @f(ptr byval(i64) align 16)", Defined, X86,
                    /*AtCall=*/true),
            "byval alignment");
}

TEST(Signature, AttributesOfTypesThatDiffer) {
  EXPECT_EQ(compareAttributes(f("{ i64, i64 } noundef"), f("i64, i64")),
            "same");
  EXPECT_EQ(compareAttributes(f("{ i64, i64 } inreg"), f("i64, i64")),
            "arguments are spelled differently");
  EXPECT_EQ(compareAttributes(f("{ i64, i64 }"), f("i64, i64 inreg")),
            "arguments are spelled differently");
  // Results correspond.
  EXPECT_EQ(compareAttributes("zeroext i8 @f([1 x i64])", "zeroext i8 @f(i64)"),
            "same");
  EXPECT_EQ(compareAttributes("zeroext i8 @f([1 x i64])", "signext i8 @f(i64)"),
            "zeroext");
}

//===----------------------------------------------------------------------===//
// adaptCall
//===----------------------------------------------------------------------===//

/// Returns the instructions of @caller in \p Crate, one a line, after its call
/// has become one of \p Defined, a declaration of @g.
static std::string adapt(StringRef Crate, StringRef Defined) {
  LLVMContext Context;
  std::unique_ptr<Module> M =
      parseIR(Context, (Crate + "\ndeclare " + Defined + "\n").str());
  auto *Call = cast<CallBase>(M->getFunction("f")->user_back());
  CallBase *Result = adaptCall(*Call, *M->getFunction("g"));
  EXPECT_EQ(Result->getCalledFunction(), M->getFunction("g"));
  EXPECT_FALSE(verifyModule(*M, &errs()));
  std::string Text;
  raw_string_ostream OS(Text);
  for (const Instruction &I : M->getFunction("caller")->getEntryBlock()) {
    I.print(OS);
    OS << '\n';
  }
  return Text;
}

TEST(Signature, AdaptedCallHasTheScalarsInOrder) {
  EXPECT_EQ(adapt(R"(
              declare { i64, i64 } @f({ i64, i32 })
              define { i64, i64 } @caller({ i64, i32 } %s) {
                %r = call { i64, i64 } @f({ i64, i32 } %s)
                ret { i64, i64 } %r
              })",
                  "{ i64, ptr } @g(ptr, i32)"),
            "  %1 = extractvalue { i64, i32 } %s, 0\n"
            "  %2 = extractvalue { i64, i32 } %s, 1\n"
            "  %3 = inttoptr i64 %1 to ptr\n"
            "  %4 = call { i64, ptr } @g(ptr %3, i32 %2)\n"
            "  %5 = extractvalue { i64, ptr } %4, 0\n"
            "  %6 = extractvalue { i64, ptr } %4, 1\n"
            "  %7 = insertvalue { i64, i64 } poison, i64 %5, 0\n"
            "  %8 = ptrtoint ptr %6 to i64\n"
            "  %9 = insertvalue { i64, i64 } %7, i64 %8, 1\n"
            "  ret { i64, i64 } %9\n");
}

TEST(Signature, AdaptedCallFillsTheUpperBytes) {
  EXPECT_EQ(adapt(R"(
              declare i64 @f()
              define i64 @caller() {
                %r = call i64 @f()
                ret i64 %r
              })",
                  "i24 @g()"),
            "  %1 = call i24 @g()\n"
            "  %2 = zext i24 %1 to i64\n"
            "  ret i64 %2\n");
}

TEST(Signature, AdaptedCallKeepsTheAttributesThatAreStillTrue) {
  // Only the result is another, and only an argument.
  EXPECT_EQ(adapt(R"(
              declare fastcc i64 @f(i8)
              define void @caller() {
                %r = call fastcc noundef i64 @f(i8 noundef 1) "a"
                ret void
              })",
                  "fastcc ptr @g(i8)"),
            "  %1 = call fastcc ptr @g(i8 noundef 1) #0\n"
            "  %2 = ptrtoint ptr %1 to i64\n"
            "  ret void\n");
  EXPECT_EQ(adapt(R"(
              declare i8 @f(i64)
              define void @caller(i64 %x) {
                %r = call noundef i8 @f(i64 noundef %x)
                ret void
              })",
                  "i8 @g(ptr)"),
            "  %1 = inttoptr i64 %x to ptr\n"
            "  %2 = call noundef i8 @g(ptr %1)\n"
            "  ret void\n");
}
