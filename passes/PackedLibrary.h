//===- PackedLibrary.h - An archive of helper bitcode -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A library that `inline-helpers pack` writes: an archive with a symbol table,
/// as llvm-ar makes it, so that a crate reads what it wants and no more.
///
/// Its first member is the index: a module without definitions, which has what
/// the members have in common (target, data layout) and, as named metadata,
/// what concerns the whole:
///
///   inline-helpers.packed    the digest of the archive, module assembly
///   inline-helpers.baseline  the CPU and the target features of what has none
///                            (FeatureBaseline)
///
/// Its second member says where each helper is, so that what a crate wants is
/// found without a look at what it does not: the archive's own table, for other
/// tools, has to be read from its start to its end. It begins with its hash
/// (Seal.h, getHash). All numbers are of 32 bits and little-endian:
///
///   16  how many rows there are; then the rows, ordered by name:
///       0  4  offset of the name in this member
///       4  4  size of the name
///       8  4  offset of the module in the archive
///      12  4  size of the module
///
/// Each other member is a module with a helper and all it needs that no other
/// module can see, or with helpers that share such. Every module is sealed.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_PACKEDLIBRARY_H
#define INLINE_HELPERS_PASSES_PACKEDLIBRARY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <optional>
#include <string>
#include <vector>

namespace inline_helpers {

/// The first bytes of an archive.
inline constexpr llvm::StringLiteral PackedMagic = "!<arch>\n";

/// The names of the first two members.
inline constexpr llvm::StringLiteral PackedIndexName = "index.bc";
inline constexpr llvm::StringLiteral PackedPlacesName = "places";

/// What the index says of the archive.
struct PackedFacts {
  std::string Digest; ///< SHA-256, 64 lower-case hexadecimal digits.
  /// Of the module. As such it would be assembled by LLVM's tools, and its
  /// symbols be in the archive's table.
  std::string Assembly;
};

/// Writes \p Facts into the index \p M, over those it has.
void setPackedFacts(llvm::Module &M, const PackedFacts &Facts);

/// Reads the facts in \p M; nothing if it is no index.
std::optional<PackedFacts> getPackedFacts(const llvm::Module &M);

/// Where a symbol's definition is.
struct PackedPlace {
  llvm::StringRef Symbol;
  uint32_t Offset; ///< Of the module in the archive, in bytes.
  uint32_t Size;   ///< Of the module, in bytes.
};

/// Returns the second member for \p Places, which are in any order and of
/// different symbols. Its size is that for the same symbols elsewhere.
std::string writePlaces(std::vector<PackedPlace> Places);

/// An archive, of whose modules nothing but the index is known to be whole
/// until it is asked for.
class PackedLibrary {
public:
  /// Opens \p Content, the whole file, whose name is the library's path; it
  /// outlives the result.
  ///
  /// \returns the archive, or an error: damaged, or another archive.
  static llvm::Expected<PackedLibrary> open(llvm::MemoryBufferRef Content);

  /// Returns the index, with the library's path for a name.
  llvm::MemoryBufferRef index() const { return Index; }

  /// Returns the modules that define some of \p Symbols, each once and in their
  /// order, intact; or an error if one is damaged.
  llvm::Expected<std::vector<llvm::MemoryBufferRef>>
  find(llvm::ArrayRef<llvm::StringRef> Symbols) const;

  /// Returns all modules but the index, intact; or an error if one is damaged.
  llvm::Expected<std::vector<llvm::MemoryBufferRef>> members() const;

private:
  PackedLibrary(llvm::MemoryBufferRef Content, llvm::MemoryBufferRef Index,
                llvm::StringRef Places)
      : Content(Content), Index(Index), Places(Places) {}

  llvm::Expected<llvm::MemoryBufferRef>
  getModule(const PackedPlace &Place) const;

  /// Returns the modules at \p Places, each once and in their order.
  llvm::Expected<std::vector<llvm::MemoryBufferRef>>
  getModules(std::vector<PackedPlace> Places) const;

  llvm::MemoryBufferRef Content, Index;
  llvm::StringRef Places; ///< The second member.
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_PACKEDLIBRARY_H
