//===- NullPointerTest.cpp ------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/NullPointer.h"
#include "Testing.h"

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral X86 = R"(
  target triple = "x86_64-unknown-linux-gnu"
)";

/// Returns a module with a function @f of \p Attributes whose body is \p Body.
static std::unique_ptr<Module> makeFunction(LLVMContext &Context,
                                            StringRef Target, StringRef Body,
                                            StringRef Attributes) {
  return parseIR(Context,
                 Target.str() +
                     "@global = external global i32\n"
                     "@weak = extern_weak global i32\n"
                     "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)\n"
                     "declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)\n"
                     "declare void @llvm.prefetch.p0(ptr, i32, i32, i32)\n"
                     "declare void @llvm.assume(i1)\n"
                     "declare <2 x i32> @llvm.masked.load.v2i32.p0("
                     "ptr, i32, <2 x i1>, <2 x i32>)\n"
                     "declare void @take(ptr)\n"
                     "declare void @copy(ptr byval(i64))\n"
                     "define void @f(ptr %p, ptr %q, i64 %n, i1 %b) " +
                     Attributes.str() + " {\n  %a = alloca [64 x i8]\n" +
                     Body.str() + "\n  ret void\n}\n");
}

namespace {
enum class Outcome {
  Dropped,   ///< The attribute; the body is what it was.
  Rewritten, ///< The attribute is dropped, accesses are rewritten.
  Kept       ///< The attribute; the body is what it was.
};
} // namespace

/// Lowers a function and says what became of it.
static Outcome lower(StringRef Body, StringRef Target = X86,
                     StringRef Attributes = "") {
  LLVMContext Context;
  std::unique_ptr<Module> M = makeFunction(
      Context, Target, Body, ("null_pointer_is_valid " + Attributes).str());
  Function &F = *M->getFunction("f");
  lowerNullPointerIsValid(F);
  EXPECT_FALSE(verifyModule(*M, &errs())) << Body.str();
  bool Rewritten = StringRef(print(*M)).contains("inttoptr i64") ||
                   StringRef(print(*M)).contains("addrspace(255)");
  if (F.hasFnAttribute(Attribute::NullPointerIsValid)) {
    EXPECT_FALSE(Rewritten) << Body.str();
    return Outcome::Kept;
  }
  return Rewritten ? Outcome::Rewritten : Outcome::Dropped;
}

TEST(NullPointer, AccessesThatMayBeNull) {
  for (StringRef Body :
       {"%r = load i32, ptr %p", "store i32 0, ptr %p", "store i32 0, ptr null",
        "store i32 0, ptr @weak",
        "%r = load atomic i32, ptr %p acquire, align 4",
        "%r = atomicrmw add ptr %p, i32 1 seq_cst",
        "%r = cmpxchg ptr %p, i32 1, i32 2 seq_cst seq_cst",
        "call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 8, i1 false)",
        "call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr %p, i64 8, i1 false)",
        "call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %a, i64 8, i1 false)"})
    EXPECT_EQ(lower(Body), Outcome::Rewritten) << Body.str();
}

TEST(NullPointer, WhatIsNeverNull) {
  for (StringRef Body :
       {"store i32 0, ptr %a", "store i32 0, ptr @global",
        "store i32 0, ptr inttoptr (i64 64 to ptr)",
        "%e = getelementptr i8, ptr %a, i64 %n\n  %r = load i8, ptr %e",
        "call void @llvm.memset.p0.i64(ptr %a, i8 0, i64 8, i1 false)",
        // Checked before.
        "%c = icmp eq ptr %p, null\n  br i1 %c, label %end, label %do\n"
        "do:\n  %e = getelementptr inbounds i8, ptr %p, i64 8\n"
        "  %r = load i8, ptr %e\n  br label %end\nend:"})
    EXPECT_EQ(lower(Body), Outcome::Dropped) << Body.str();
}

TEST(NullPointer, BelowWhatIsNeverNull) {
  StringRef Checked = "%c = icmp eq ptr %p, null\n"
                      "  br i1 %c, label %end, label %do\ndo:\n";
  for (StringRef Index : {"i64 -8", "i64 %n"})
    EXPECT_EQ(lower((Checked + "%e = getelementptr inbounds i8, ptr %p, " +
                     Index + "\n  %r = load i8, ptr %e\n  br label %end\nend:")
                        .str()),
              Outcome::Rewritten)
        << Index.str();
}

TEST(NullPointer, PointersThatAreNotAccessed) {
  for (StringRef Body :
       {"%r = icmp eq ptr %p, null", "%r = icmp eq ptr %p, %q",
        "call void @take(ptr %p)", "fence seq_cst",
        "call void asm sideeffect \"nop\", \"r\"(ptr %p)",
        "call void @llvm.prefetch.p0(ptr %p, i32 0, i32 0, i32 1)",
        "call void @llvm.assume(i1 true) [\"align\"(ptr %p, i64 8)]"})
    EXPECT_EQ(lower(Body), Outcome::Dropped) << Body.str();
}

TEST(NullPointer, WhatCannotBeRewritten) {
  for (StringRef Body :
       {"call void %p()", "call void @copy(ptr byval(i64) %p)",
        "%r = va_arg ptr %p, i32",
        "%r = call <2 x i32> @llvm.masked.load.v2i32.p0(ptr %p, i32 4, "
        "<2 x i1> <i1 true, i1 true>, <2 x i32> poison)",
        "call void @llvm.assume(i1 true) [\"dereferenceable\"(ptr %p, i64 8)]"})
    EXPECT_EQ(lower(Body), Outcome::Kept) << Body.str();
}

TEST(NullPointer, ResultsOfAsmGotoHaveNoPlace) {
  EXPECT_EQ(lower("%r = callbr ptr asm \"\", \"=r,!i\"()\n"
                  "    to label %next [label %end]\n"
                  "next:\n  store i8 0, ptr %r\n  br label %end\nend:"),
            Outcome::Kept);
}

TEST(NullPointer, Targets) {
  StringRef Body = "store i32 0, ptr %p";
  EXPECT_EQ(lower(Body, "target triple = \"aarch64-unknown-none\"\n"),
            Outcome::Rewritten);
  EXPECT_EQ(lower(Body, "target triple = \"riscv64-unknown-linux-gnu\"\n"),
            Outcome::Kept);
  EXPECT_EQ(lower(Body, ""), Outcome::Kept);
  EXPECT_EQ(lower(Body, "target triple = \"x86_64-unknown-none\"\n"
                        "target datalayout = \"p255:32:32\"\n"),
            Outcome::Kept);
  EXPECT_EQ(lower(Body, "target triple = \"x86_64-unknown-none\"\n"
                        "target datalayout = \"ni:255\"\n"),
            Outcome::Kept);
}

TEST(NullPointer, SanitizersSeeTheAccesses) {
  for (StringRef Attribute :
       {"sanitize_address", "sanitize_hwaddress", "sanitize_memory",
        "sanitize_thread", "sanitize_memtag"}) {
    EXPECT_EQ(lower("store i32 0, ptr %p", X86, Attribute), Outcome::Kept);
    EXPECT_EQ(lower("store i32 0, ptr %a", X86, Attribute), Outcome::Dropped);
  }
}

TEST(NullPointer, OneRootServesAllMembers) {
  LLVMContext Context;
  std::unique_ptr<Module> M = makeFunction(
      Context, X86,
      "%m = getelementptr inbounds { i64, i64 }, ptr %p, i64 0, i32 1\n"
      "  store i64 0, ptr %m\n  store i64 1, ptr %p",
      "null_pointer_is_valid");
  lowerNullPointerIsValid(*M->getFunction("f"));
  std::string Text = print(*M);
  EXPECT_EQ(StringRef(Text).count("inttoptr"), 1u);
  EXPECT_EQ(StringRef(Text).count("getelementptr"), 1u);
}

/// Returns the text of @f, whose attributes are \p Attributes, simplified.
static std::string simplify(StringRef Body, StringRef Attributes = "") {
  LLVMContext Context;
  std::unique_ptr<Module> M = makeFunction(Context, X86, Body, Attributes);
  Function &F = *M->getFunction("f");
  bool Changed = simplifyNullAccesses(F);
  EXPECT_FALSE(verifyModule(*M, &errs())) << Body.str();
  std::string Text;
  raw_string_ostream(Text) << F;
  if (Changed) {
    EXPECT_FALSE(simplifyNullAccesses(F)) << Text;
  }
  return Text;
}

TEST(NullPointer, SimplifiesWhatIsNeverNull) {
  std::string Text = simplify(
      "%i = ptrtoint ptr %a to i64\n  %h = inttoptr i64 %i to ptr "
      "addrspace(255)\n  call void @llvm.memset.p255.i64(ptr addrspace(255) "
      "%h, i8 0, i64 8, i1 false)");
  EXPECT_NE(Text.find("@llvm.memset.p0.i64(ptr %a"), std::string::npos) << Text;
  EXPECT_EQ(Text.find("addrspace"), std::string::npos) << Text;
}

TEST(NullPointer, LeavesWhatMayBeNull) {
  StringRef Hidden = "%i = ptrtoint ptr %p to i64\n"
                     "  %h = inttoptr i64 %i to ptr addrspace(255)\n";
  EXPECT_NE(simplify((Hidden + "store i8 0, ptr addrspace(255) %h").str())
                .find("store i8 0, ptr addrspace(255)"),
            std::string::npos);
}

TEST(NullPointer, LeavesOthersAddressSpaces) {
  StringRef Body = "%h = load ptr addrspace(255), ptr %a\n"
                   "  store i8 0, ptr addrspace(255) %h";
  EXPECT_NE(simplify(Body).find("store i8 0, ptr addrspace(255) %h"),
            std::string::npos);
}

TEST(NullPointer, SeesTheComputationOfAnAddress) {
  std::string Text = simplify("%e = getelementptr inbounds i8, ptr %p, i64 %n\n"
                              "  %i = ptrtoint ptr %e to i64\n"
                              "  %h = inttoptr i64 %i to ptr addrspace(255)\n"
                              "  store i8 0, ptr addrspace(255) %h");
  EXPECT_NE(Text.find("ptrtoint ptr %p"), std::string::npos) << Text;
  EXPECT_NE(Text.find("getelementptr inbounds i8, ptr addrspace(255)"),
            std::string::npos)
      << Text;
}
