//===- SealTest.cpp -------------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Seal.h"
#include "Testing.h"
#include "llvm/Bitcode/BitcodeReader.h"

using namespace llvm;
using namespace inline_helpers;

static std::string makeBitcode() {
  return assemble("define i32 @one(i32 %x) {\n  ret i32 %x\n}");
}

/// Returns the names of the functions LLVM reads out of \p Content.
static std::string readNames(StringRef Content) {
  LLVMContext Context;
  std::unique_ptr<Module> M =
      OrExit(parseBitcodeFile(MemoryBufferRef(Content, "x"), Context));
  std::string Names;
  for (const Function &F : *M)
    Names += F.getName().str() + ";";
  return Names;
}

TEST(Seal, SealedIsIntactAndReadByLLVM) {
  std::string Sealed = seal(makeBitcode());
  EXPECT_EQ(checkSeal(Sealed), SealState::Intact);
  EXPECT_EQ(readNames(Sealed), "one;");
  EXPECT_EQ(Sealed.size(), makeBitcode().size() + 48);
  EXPECT_EQ(Sealed, seal(makeBitcode()));
}

TEST(Seal, WrapperIsReplaced) {
  // LLVM wraps what it writes for Darwin.
  std::string Wrapped = assemble("target triple = \"arm64-apple-macosx\"\n"
                                 "define i32 @one(i32 %x) {\n  ret i32 %x\n}");
  EXPECT_EQ(checkSeal(Wrapped), SealState::None);
  EXPECT_EQ(checkSeal(seal(Wrapped)), SealState::Intact);
  EXPECT_EQ(readNames(seal(Wrapped)), "one;");
  std::string Sealed = seal(makeBitcode());
  EXPECT_EQ(seal(Sealed), Sealed);
}

TEST(Seal, OtherFilesAreNotSealed) {
  for (std::string Content :
       {std::string(), std::string("B"), std::string("text\n"), makeBitcode(),
        std::string("\xde\xc0\x17")})
    EXPECT_EQ(checkSeal(Content), SealState::None) << Content.size();
}

TEST(Seal, OtherFormatIsNotDamage) {
  // What made the bitcode begin at 64: a hash of 32 bytes.
  std::string Sealed = seal(makeBitcode());
  std::string Older =
      Sealed.substr(0, 32) + std::string(32, 'h') + Sealed.substr(48);
  Older[BWH_OffsetField] = 64;
  EXPECT_EQ(readNames(Older), "one;");
  EXPECT_EQ(checkSeal(Older), SealState::Other);
  EXPECT_EQ(checkSeal(Older + "x"), SealState::Broken);
  EXPECT_EQ(checkSeal(StringRef(Older).drop_back()), SealState::Broken);
}

TEST(Seal, EveryTruncationIsFound) {
  std::string Sealed = seal(makeBitcode());
  for (size_t Size = 4; Size < Sealed.size(); ++Size)
    EXPECT_EQ(checkSeal(StringRef(Sealed).take_front(Size)), SealState::Broken)
        << Size;
}

TEST(Seal, EveryFlippedBitIsFound) {
  std::string Sealed = seal(makeBitcode());
  for (size_t Bit = 0; Bit < Sealed.size() * 8; ++Bit) {
    Sealed[Bit / 8] ^= 1 << Bit % 8;
    EXPECT_EQ(checkSeal(Sealed), SealState::Broken) << Bit;
    Sealed[Bit / 8] ^= 1 << Bit % 8;
  }
  EXPECT_EQ(checkSeal(Sealed), SealState::Intact);
}

TEST(Seal, AppendedBytesAreFound) {
  std::string Sealed = seal(makeBitcode());
  for (size_t Count : {1, 4, 8, 100})
    EXPECT_EQ(checkSeal(Sealed + std::string(Count, '\0')), SealState::Broken)
        << Count;
  EXPECT_EQ(checkSeal(Sealed + Sealed), SealState::Broken);
}
