//===- Seal.h - Bitcode that shows whether it is whole ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A library that `inline-helpers compile` writes is sealed: a hash in front of
/// the bitcode tells damage before LLVM's reader, which aborts on some, sees
/// any of it. It is a guard against accidents, not against a forger.
///
/// The file is a bitcode wrapper ("Bitcode Wrapper Format" in LLVM's
/// BitCodeFormat.rst), which every LLVM tool reads; between its header and its
/// bitcode there is room:
///
///   0   20  LLVM's wrapper header: magic, version 0, offset 48, size, CPU type
///   20  12  "helpers-seal"
///   32  16  the hash of bytes 0 to 31 followed by the hash of the bitcode
///   48      the bitcode, to the end of the file
///
/// The offset tells the format: with a SHA-256 for a hash it was 64. Another
/// format needs another one.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_SEAL_H
#define INLINE_HELPERS_PASSES_SEAL_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace inline_helpers {

/// The bytes of a hash.
inline constexpr size_t HashSize = 16;

/// Returns XXH3's 128 bits of \p Content, the low half first, each as a
/// little-endian number.
std::string getHash(llvm::StringRef Content);

/// What a file says of itself.
enum class SealState {
  None,   ///< It is not sealed: bare bitcode, or no bitcode at all.
  Intact, ///< Every byte is as it was sealed.
  Other,  ///< It is sealed in the format of another version.
  Broken  ///< It is or was sealed, and is damaged, cut or longer.
};

/// Returns \p Bitcode sealed; a wrapper it has is replaced. The same bitcode
/// gives the same bytes.
///
/// \param Bitcode less than 4 GiB, which is what a wrapper can describe.
std::string seal(llvm::StringRef Bitcode);

/// Says whether \p Content, all of a file, is sealed and intact. Nothing of it
/// is parsed.
SealState checkSeal(llvm::StringRef Content);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_SEAL_H
