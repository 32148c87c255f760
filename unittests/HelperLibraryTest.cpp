//===- HelperLibraryTest.cpp ----------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/HelperLibrary.h"
#include "Testing.h"

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral TwoHelpers = R"(
  define i32 @one(i32 %x) {
    ret i32 %x
  }

  define i32 @two(i32 %x) {
    %r = call i32 @local(i32 %x)
    ret i32 %r
  }

  define internal i32 @local(i32 %x) {
    ret i32 7
  }
)";

TEST(HelperLibrary, DigestOfKnownContent) {
  // FIPS 180-4, the examples of NIST.
  EXPECT_EQ(getDigest(""), "e3b0c44298fc1c149afbf4c8996fb924"
                           "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(getDigest("abc"), "ba7816bf8f01cfea414140de5dae2223"
                              "b00361a396177a9cb410ff61f20015ad");
}

TEST(HelperLibrary, ProducerIsThisLLVM) {
  std::string Bitcode = assemble(TwoHelpers);
  Producer Found = cantFail(readProducer(MemoryBufferRef(Bitcode, "mine.bc")));
  EXPECT_EQ(Found.Major, unsigned(LLVM_VERSION_MAJOR));
  EXPECT_TRUE(StringRef(Found.Text).starts_with("LLVM")) << Found.Text;
}

TEST(HelperLibrary, NewerProducerIsRefusedByBothVersions) {
  std::string Bitcode = assemble(TwoHelpers);
  MemoryBufferRef Buffer(Bitcode, "mine.bc");
  EXPECT_FALSE(errorToBool(checkProducer(Buffer, LLVM_VERSION_MAJOR)));
  EXPECT_FALSE(errorToBool(checkProducer(Buffer, LLVM_VERSION_MAJOR + 1)));
  std::string Text;
  EXPECT_EQ(take(checkProducer(Buffer, 17), Text),
            DiagnosticCode::NewerProducer);
  EXPECT_NE(Text.find("'mine.bc' was produced by LLVM" +
                      std::to_string(LLVM_VERSION_MAJOR) + "."),
            std::string::npos)
      << Text;
  EXPECT_NE(Text.find("this compiler has LLVM 17"), std::string::npos) << Text;
}

TEST(HelperLibrary, NotBitcode) {
  for (StringRef Content : {StringRef(""), StringRef("BC"), StringRef("text\n"),
                            StringRef("!<arch>\n"),
                            StringRef("\x7f"
                                      "ELF")})
    EXPECT_EQ(take(readProducer(MemoryBufferRef(Content, "x")).takeError()),
              DiagnosticCode::NotBitcode)
        << Content.str();
}

TEST(HelperLibrary, EveryTruncationIsAnError) {
  LLVMContext Context;
  std::string Bitcode = assemble(TwoHelpers);
  for (size_t Size = 0; Size < Bitcode.size(); Size += 4) {
    TemporaryFile File(StringRef(Bitcode).take_front(Size));
    Expected<HelperLibrary> Library =
        HelperLibrary::open({File.path(), ""}, Context);
    if (Library) {
      // What is missing may only be what a lazy reader does not need.
      continue;
    }
    std::string Text;
    DiagnosticCode Code = take(Library.takeError(), Text);
    EXPECT_TRUE(Code == DiagnosticCode::NotBitcode ||
                Code == DiagnosticCode::Damaged)
        << Text;
    EXPECT_NE(Text.find(File.path()), std::string::npos) << Text;
  }
}

TEST(HelperLibrary, UnreadableFiles) {
  std::string Text;
  EXPECT_EQ(take(readLibraryFile("/no/such/file.bc").takeError(), Text),
            DiagnosticCode::Unreadable);
  EXPECT_EQ(Text, "cannot read library '/no/such/file.bc': No such file or "
                  "directory; help: make the library with 'inline-helpers "
                  "compile'");
  EXPECT_EQ(take(readLibraryFile("/").takeError(), Text),
            DiagnosticCode::Unreadable);
  EXPECT_EQ(take(readLibraryFile("/dev/null").takeError(), Text),
            DiagnosticCode::Unreadable);
}

TEST(HelperLibrary, OpeningReadsNoBody) {
  LLVMContext Context;
  TemporaryFile File(assemble(TwoHelpers));
  HelperLibrary Library = openLibrary(File, Context);
  EXPECT_EQ(Library.path(), File.path());
  unsigned Definitions = 0;
  for (const Function &F : Library.module()) {
    EXPECT_TRUE(F.isMaterializable()) << F.getName().str();
    EXPECT_TRUE(F.empty()) << F.getName().str();
    ++Definitions;
  }
  EXPECT_EQ(Definitions, 3u);
}

TEST(HelperLibrary, MaterializeReadsOneBody) {
  LLVMContext Context;
  TemporaryFile File(assemble(TwoHelpers));
  HelperLibrary Library = openLibrary(File, Context);
  Module &M = Library.module();
  EXPECT_FALSE(errorToBool(Library.materialize(*M.getFunction("one"))));
  EXPECT_FALSE(M.getFunction("one")->empty());
  EXPECT_TRUE(M.getFunction("two")->empty());
  EXPECT_TRUE(M.getFunction("local")->empty());
}

TEST(HelperLibrary, Digest) {
  LLVMContext Context;
  std::string Bitcode = assemble(TwoHelpers);
  TemporaryFile File(Bitcode);
  Expected<HelperLibrary> Right =
      HelperLibrary::open({File.path(), getDigest(Bitcode)}, Context);
  EXPECT_FALSE(errorToBool(Right.takeError()));
  std::string Text;
  EXPECT_EQ(
      take(HelperLibrary::open({File.path(), std::string(64, '0')}, Context)
               .takeError(),
           Text),
      DiagnosticCode::WrongDigest);
  EXPECT_NE(Text.find(getDigest(Bitcode)), std::string::npos) << Text;
  EXPECT_NE(Text.find(std::string(64, '0')), std::string::npos) << Text;
}

TEST(HelperLibrary, DigestComesBeforeTheContent) {
  LLVMContext Context;
  TemporaryFile File("text");
  EXPECT_EQ(
      take(HelperLibrary::open({File.path(), std::string(64, '0')}, Context)
               .takeError()),
      DiagnosticCode::WrongDigest);
}

TEST(HelperLibrary, Instrumented) {
  LLVMContext Context;
  for (StringRef Sign :
       {"declare void @__asan_load4(i64)", "declare void @__tsan_func_entry()",
        "declare void @__sanitizer_cov_trace_pc()",
        "@__profc_helper = private global i64 0",
        "!llvm.module.flags = !{!0}\n"
        "!0 = !{i32 4, !\"nosanitize_address\", i32 1}"}) {
    TemporaryFile File(assemble(Sign));
    EXPECT_EQ(take(HelperLibrary::open({File.path(), ""}, Context).takeError()),
              DiagnosticCode::Instrumented)
        << Sign.str();
  }
}

static DiagnosticCode targetError(StringRef Ours, StringRef Theirs,
                                  std::string &Text) {
  LLVMContext Context;
  TemporaryFile File(assemble(Ours));
  HelperLibrary Library = openLibrary(File, Context);
  Error E = Library.checkTarget(*parseIR(Context, Theirs));
  if (E)
    return take(std::move(E), Text);
  Text = "";
  return DiagnosticCode::BadOption;
}

TEST(HelperLibrary, Target) {
  std::string Text;
  targetError("target triple = \"aarch64-linux-gnu\"",
              "target triple = \"aarch64-unknown-none\"", Text);
  EXPECT_EQ(Text, "");
  EXPECT_EQ(targetError("target triple = \"aarch64-linux-gnu\"",
                        "target triple = \"x86_64-unknown-none\"", Text),
            DiagnosticCode::OtherTarget);
  EXPECT_NE(Text.find("aarch64-linux-gnu"), std::string::npos) << Text;
  EXPECT_NE(Text.find("x86_64-unknown-none"), std::string::npos) << Text;
  EXPECT_EQ(targetError("target datalayout = \"e-p:32:32\"",
                        "target datalayout = \"e-p:64:64\"", Text),
            DiagnosticCode::OtherTarget);
  EXPECT_NE(Text.find("data layout"), std::string::npos) << Text;
}
