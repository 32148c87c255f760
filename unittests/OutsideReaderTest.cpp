//===- OutsideReaderTest.cpp ----------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/OutsideReader.h"
#include "Testing.h"
#include "passes/Seal.h"
#include "llvm/Support/Compiler.h"
#include <atomic>
#include <csignal>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral Helper = R"(
  define i32 @helper(i32 %x) {
    %r = add i32 %x, 1
    ret i32 %r
  }
)";

/// Returns the error of rewriteOutside for \p Bitcode, and puts its text into
/// \p Text.
static DiagnosticCode takeOutside(StringRef Bitcode, StringRef Name,
                                  std::string &Text) {
  return take(rewriteOutside(MemoryBufferRef(Bitcode, Name)).takeError(), Text);
}

TEST(OutsideReader, GoodBitcodeIsWrittenAnew) {
  std::string Bitcode = assemble(Helper);
  std::string Rewritten =
      OrExit(rewriteOutside(MemoryBufferRef(Bitcode, "mine.bc")));
  EXPECT_EQ(checkSeal(Rewritten), SealState::Intact);
  LLVMContext Context;
  HelperLibrary Library = OrExit(HelperLibrary::parse(
      LibraryFile(MemoryBuffer::getMemBufferCopy(Rewritten)), Context));
  OrExit(Library.verify());
  std::unique_ptr<Module> Expected = parseIR(Context, Helper);
  Expected->setModuleIdentifier("");
  EXPECT_EQ(print(Library.module()), print(*Expected));
}

TEST(OutsideReader, ErrorsComeBackWhole) {
  std::string Text;
  EXPECT_EQ(takeOutside("BC\xC0\xDE", "a \"b\".bc", Text),
            DiagnosticCode::Damaged);
  EXPECT_TRUE(StringRef(Text).starts_with("library 'a \"b\".bc' is damaged: "))
      << Text;
  EXPECT_TRUE(StringRef(Text).ends_with(
      "; help: make the library with 'inline-helpers compile'"))
      << Text;
  EXPECT_EQ(takeOutside(assemble("declare void @__asan_load4(i64)"), "x", Text),
            DiagnosticCode::Instrumented);
}

TEST(OutsideReader, BodiesAreRead) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, Helper);
  // The writer does not look; the verifier of the other process does.
  M->getFunction("helper")->getEntryBlock().getTerminator()->eraseFromParent();
  std::string Text;
  EXPECT_EQ(takeOutside(writeBitcode(*M), "x", Text), DiagnosticCode::Damaged);
}

TEST(OutsideReader, LimitOfTime) {
  // Processor time, or time where many processes want the processor.
  auto IsTimeLimit = [](int Status) {
    return WIFSIGNALED(Status) &&
           (WTERMSIG(Status) == SIGXCPU || WTERMSIG(Status) == SIGALRM);
  };
  EXPECT_EXIT(
      {
        limitReader(0);
        for (volatile bool Forever = true; Forever;)
          ;
      },
      IsTimeLimit, "");
}

#if !LLVM_ADDRESS_SANITIZER_BUILD
TEST(OutsideReader, LimitOfMemory) {
  auto CanMap = [] {
    return mmap(nullptr, size_t(2) << 30, PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
  };
  EXPECT_EXIT(
      {
        if (!CanMap())
          _exit(1);
        limitReader(0);
        _exit(CanMap() ? 2 : 0);
      },
      testing::ExitedWithCode(0), "");
}
#endif

TEST(OutsideReader, ManyThreadsAskAtOnce) {
  TemporaryFile File(assemble(Helper));
  std::atomic<unsigned> Failures{0};
  std::vector<std::thread> Threads;
  for (int I = 0; I < 16; ++I)
    Threads.emplace_back([&] {
      LLVMContext Context;
      Expected<HelperLibrary> Library =
          HelperLibrary::open({File.path(), ""}, Context);
      Failures += errorToBool(Library.takeError());
    });
  for (std::thread &T : Threads)
    T.join();
  EXPECT_EQ(Failures, 0u);
}
