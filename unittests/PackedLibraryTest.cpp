//===- PackedLibraryTest.cpp ----------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/PackedLibrary.h"
#include "Testing.h"

using namespace llvm;
using namespace inline_helpers;

TEST(PackedLibrary, FactsAreReadBack) {
  LLVMContext Context;
  Module M("index", Context);
  EXPECT_FALSE(getPackedFacts(M));
  setPackedFacts(M, {"first", "first", "first"});
  setPackedFacts(M, {"digest", "hash", ".globl f\n"});
  std::optional<PackedFacts> Facts = getPackedFacts(M);
  ASSERT_TRUE(Facts);
  EXPECT_EQ(Facts->Digest, "digest");
  EXPECT_EQ(Facts->SymbolsHash, "hash");
  EXPECT_EQ(Facts->Assembly, ".globl f\n");
}

TEST(PackedLibrary, OtherMetadataIsNoFact) {
  LLVMContext Context;
  for (StringRef IR : {"!inline-helpers.packed = !{}",
                       "!inline-helpers.packed = !{!0, !0}\n"
                       "!0 = !{!\"a\", !\"b\", !\"c\"}",
                       "!inline-helpers.packed = !{!0}\n!0 = !{!\"a\", !\"b\"}",
                       "!inline-helpers.packed = !{!0}\n"
                       "!0 = !{!\"a\", !\"b\", i32 3}"})
    EXPECT_FALSE(getPackedFacts(*parseIR(Context, IR))) << IR.str();
}

TEST(PackedLibrary, WhatIsNoArchiveOfOurs) {
  std::string Text;
  for (StringRef Content : {"!<arch>\n", "!<arch>\nX", "!<thin>\n"}) {
    EXPECT_EQ(
        take(PackedLibrary::open(MemoryBufferRef(Content, "x.a")).takeError(),
             Text),
        Content.ends_with("X") ? DiagnosticCode::Damaged
                               : DiagnosticCode::NotBitcode)
        << Text;
    EXPECT_TRUE(StringRef(Text).contains("'x.a'")) << Text;
  }
}

// Smaller files are read even where they could be mapped.
TEST(PackedLibrary, AnArchiveIsMapped) {
  std::string Content(1 << 20, 'x');
  TemporaryFile Other(Content);
  EXPECT_EQ(OrExit(readLibraryFile(Other.path()))->getBufferKind(),
            MemoryBuffer::MemoryBuffer_Malloc);
  Content.replace(0, PackedMagic.size(), PackedMagic);
  TemporaryFile Archive(Content);
  std::unique_ptr<MemoryBuffer> Read = OrExit(readLibraryFile(Archive.path()));
  EXPECT_EQ(Read->getBufferKind(), MemoryBuffer::MemoryBuffer_MMap);
  EXPECT_EQ(Read->getBuffer(), Content);
  EXPECT_EQ(Read->getBufferIdentifier(), Archive.path());
}
