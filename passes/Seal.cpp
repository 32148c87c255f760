//===- Seal.cpp - Bitcode that shows whether it is whole ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Seal.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;
using namespace inline_helpers;

// Bytes of the file; those of LLVM's own header are BWH_*.
static constexpr StringLiteral Tag = "helpers-seal";
static constexpr size_t TagField = BWH_HeaderSize;
static constexpr size_t DigestField = TagField + Tag.size();
static constexpr size_t DigestSize = 32;
static constexpr size_t BitcodeField = DigestField + DigestSize;

/// Returns what stands before the digest in a file with \p Size bytes of
/// bitcode.
static std::string makeHeader(size_t Size) {
  constexpr uint32_t Magic = 0x0B17C0DE;
  std::string Header(DigestField, '\0');
  support::endian::write32le(&Header[BWH_MagicField], Magic);
  support::endian::write32le(&Header[BWH_OffsetField], BitcodeField);
  support::endian::write32le(&Header[BWH_SizeField], Size);
  Header.replace(TagField, Tag.size(), Tag.data(), Tag.size());
  return Header;
}

static std::array<uint8_t, DigestSize> getDigest(StringRef Header,
                                                 StringRef Bitcode) {
  SHA256 Hasher;
  Hasher.update(Header);
  Hasher.update(Bitcode);
  return Hasher.final();
}

std::string inline_helpers::seal(StringRef Bitcode) {
  const unsigned char *Start = Bitcode.bytes_begin(),
                      *End = Bitcode.bytes_end();
  // LLVM writes a wrapper of its own for Darwin, and reads one alone.
  if (Bitcode.size() >= BWH_HeaderSize && isBitcodeWrapper(Start, End) &&
      !SkipBitcodeWrapperHeader(Start, End, /*VerifyBufferSize=*/true))
    Bitcode = StringRef(reinterpret_cast<const char *>(Start), End - Start);
  std::string Result = makeHeader(Bitcode.size());
  for (uint8_t Byte : getDigest(Result, Bitcode))
    Result.push_back(Byte);
  Result += Bitcode;
  return Result;
}

SealState inline_helpers::checkSeal(StringRef Content) {
  bool IsWrapped = Content.size() >= 4 &&
                   isBitcodeWrapper(Content.bytes_begin(), Content.bytes_end());
  if (!Content.substr(TagField).starts_with(Tag)) {
    // Damage can be in the tag itself. The wrapper of Darwin, the only other
    // one there is, has its bitcode right behind the header (BitcodeWriter.cpp,
    // emitDarwinBCHeaderAndTrailer).
    bool IsOther =
        !IsWrapped || (Content.size() >= BWH_HeaderSize &&
                       support::endian::read32le(
                           Content.data() + BWH_OffsetField) == BWH_HeaderSize);
    return IsOther ? SealState::None : SealState::Broken;
  }
  if (Content.size() < BitcodeField)
    return SealState::Broken;
  std::string Header = makeHeader(Content.size() - BitcodeField);
  auto Digest = getDigest(Header, Content.substr(BitcodeField));
  StringRef Found = Content.substr(DigestField, DigestSize);
  bool IsIntact = Content.starts_with(Header) &&
                  std::equal(Digest.begin(), Digest.end(), Found.bytes_begin());
  return IsIntact ? SealState::Intact : SealState::Broken;
}
