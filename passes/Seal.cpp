//===- Seal.cpp - Bitcode that shows whether it is whole ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Seal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace inline_helpers;

// Bytes of the file; those of LLVM's own header are BWH_*.
static constexpr StringLiteral Tag = "helpers-seal";
static constexpr size_t TagField = BWH_HeaderSize;
static constexpr size_t HashField = TagField + Tag.size();
static constexpr size_t BitcodeField = HashField + HashSize;

/// Returns what stands before the hash in a file with \p Size bytes of
/// bitcode.
static std::string makeHeader(size_t Size) {
  constexpr uint32_t Magic = 0x0B17C0DE;
  std::string Header(HashField, '\0');
  support::endian::write32le(&Header[BWH_MagicField], Magic);
  support::endian::write32le(&Header[BWH_OffsetField], BitcodeField);
  support::endian::write32le(&Header[BWH_SizeField], Size);
  Header.replace(TagField, Tag.size(), Tag.data(), Tag.size());
  return Header;
}

std::string inline_helpers::getHash(StringRef Content) {
  XXH128_hash_t Hash = xxh3_128bits(arrayRefFromStringRef(Content));
  std::string Result(HashSize, '\0');
  support::endian::write64le(&Result[0], Hash.low64);
  support::endian::write64le(&Result[HashSize / 2], Hash.high64);
  return Result;
}

/// Returns the hash of \p Bitcode behind \p Header: of the bitcode's, as LLVM
/// has no XXH3 of a stream.
static std::string makeSeal(StringRef Header, StringRef Bitcode) {
  return getHash((Header + getHash(Bitcode)).str());
}

std::string inline_helpers::seal(StringRef Bitcode) {
  const unsigned char *Start = Bitcode.bytes_begin(),
                      *End = Bitcode.bytes_end();
  // LLVM writes a wrapper of its own for Darwin, and reads one alone.
  if (Bitcode.size() >= BWH_HeaderSize && isBitcodeWrapper(Start, End) &&
      !SkipBitcodeWrapperHeader(Start, End, /*VerifyBufferSize=*/true))
    Bitcode = StringRef(reinterpret_cast<const char *>(Start), End - Start);
  std::string Result = makeHeader(Bitcode.size());
  Result += makeSeal(Result, Bitcode);
  Result += Bitcode;
  return Result;
}

/// Returns true if \p Content, which has the tag, has its bitcode at another
/// place than ours has, and both numbers of the header that tell so.
static bool isOtherFormat(StringRef Content) {
  uint64_t Offset = support::endian::read32le(Content.data() + BWH_OffsetField);
  uint64_t Size = support::endian::read32le(Content.data() + BWH_SizeField);
  return Offset != BitcodeField && Offset >= HashField &&
         Offset + Size == Content.size();
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
  if (IsWrapped && isOtherFormat(Content))
    return SealState::Other;
  if (Content.size() < BitcodeField)
    return SealState::Broken;
  std::string Header = makeHeader(Content.size() - BitcodeField);
  bool IsIntact = Content.starts_with(Header) &&
                  Content.substr(HashField, HashSize) ==
                      makeSeal(Header, Content.substr(BitcodeField));
  return IsIntact ? SealState::Intact : SealState::Broken;
}
