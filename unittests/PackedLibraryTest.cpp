//===- PackedLibraryTest.cpp ----------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/PackedLibrary.h"
#include "Testing.h"
#include "passes/Seal.h"
#include "llvm/Object/ArchiveWriter.h"

using namespace llvm;
using namespace inline_helpers;

TEST(PackedLibrary, FactsAreReadBack) {
  LLVMContext Context;
  Module M("index", Context);
  EXPECT_FALSE(getPackedFacts(M));
  setPackedFacts(M, {"first", "first"});
  setPackedFacts(M, {"digest", ".globl f\n"});
  std::optional<PackedFacts> Facts = getPackedFacts(M);
  ASSERT_TRUE(Facts);
  EXPECT_EQ(Facts->Digest, "digest");
  EXPECT_EQ(Facts->Assembly, ".globl f\n");
}

TEST(PackedLibrary, OtherMetadataIsNoFact) {
  LLVMContext Context;
  for (StringRef IR : {"!inline-helpers.packed = !{}",
                       "!inline-helpers.packed = !{!0, !0}\n"
                       "!0 = !{!\"a\", !\"b\"}",
                       "!inline-helpers.packed = !{!0}\n!0 = !{!\"a\"}",
                       "!inline-helpers.packed = !{!0}\n"
                       "!0 = !{!\"a\", i32 3}"})
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

/// Returns an archive of no index that could be used, with \p Places.
static std::string makeArchive(StringRef Places, ArrayRef<StringRef> Modules) {
  std::vector<NewArchiveMember> Members;
  auto Add = [&](StringRef Name, StringRef Content) {
    Members.emplace_back(MemoryBufferRef(Content, Name));
  };
  std::string Index = seal("index");
  Add(PackedIndexName, Index);
  Add(PackedPlacesName, Places);
  for (StringRef Module : Modules)
    Add("module.bc", Module);
  return OrExit(writeArchiveToBuffer(Members, SymtabWritingMode::NoSymtab,
                                     object::Archive::K_GNU,
                                     /*Deterministic=*/true, /*Thin=*/false))
      ->getBuffer()
      .str();
}

TEST(PackedLibrary, FindsWhatIsWanted) {
  std::string One = seal("module one"), Two = seal("module two");
  auto Make = [&](uint32_t OffsetOfOne, uint32_t OffsetOfTwo) {
    auto Size = [](StringRef Text) { return uint32_t(Text.size()); };
    return makeArchive(writePlaces({{"zeta", OffsetOfOne, Size(One)},
                                    {"beta", OffsetOfTwo, Size(Two)},
                                    {"alpha", OffsetOfOne, Size(One)},
                                    {"lost", 1 << 30, 100}}),
                       {One, Two});
  };
  std::string Draft = Make(0, 0);
  std::string Content = Make(Draft.find(One), Draft.find(Two));
  PackedLibrary Library =
      OrExit(PackedLibrary::open(MemoryBufferRef(Content, "x.a")));
  auto Find = [&](ArrayRef<StringRef> Symbols) {
    std::string Found;
    for (MemoryBufferRef Module : OrExit(Library.find(Symbols)))
      Found += Module.getBuffer() == One ? "one;" : "two;";
    return Found;
  };
  EXPECT_EQ(Find({"zeta"}), "one;");
  EXPECT_EQ(Find({"beta", "alpha", "zeta"}), "one;two;");
  EXPECT_EQ(Find({"", "alph", "alphaz", "gamma", "zz"}), "");
  std::string Text;
  EXPECT_EQ(take(Library.find({"lost"}).takeError(), Text),
            DiagnosticCode::Damaged);
  EXPECT_TRUE(StringRef(Text).contains("the member of 'lost'")) << Text;
  EXPECT_EQ(take(Library.members().takeError()), DiagnosticCode::Damaged);
}

TEST(PackedLibrary, DamagedPlaces) {
  std::string Places = writePlaces({{"alpha", 1, 2}, {"beta", 3, 4}});
  auto Open = [](StringRef Places) {
    std::string Content = makeArchive(Places, {});
    return errorToBool(
        PackedLibrary::open(MemoryBufferRef(Content, "x.a")).takeError());
  };
  EXPECT_FALSE(Open(Places));
  EXPECT_FALSE(Open(writePlaces({})));
  for (size_t I = 0; I != Places.size(); ++I) {
    std::string Flipped = Places;
    Flipped[I] ^= 1;
    EXPECT_TRUE(Open(Flipped)) << I;
    EXPECT_TRUE(Open(StringRef(Places).take_front(I))) << I;
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
