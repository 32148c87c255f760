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
///   inline-helpers.packed    the digest of the archive, the hash of its symbol
///                            table, module assembly
///   inline-helpers.baseline  the CPU and the target features of most helpers
///                            (FeatureBaseline)
///
/// Each other member is a module with a helper and all it needs that no other
/// module can see, or with helpers that share such. Every member is sealed
/// (Seal.h).
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_PACKEDLIBRARY_H
#define INLINE_HELPERS_PASSES_PACKEDLIBRARY_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <memory>
#include <string>
#include <vector>

namespace inline_helpers {

/// The first bytes of an archive.
inline constexpr llvm::StringLiteral PackedMagic = "!<arch>\n";

/// The name of the index among the members.
inline constexpr llvm::StringLiteral PackedIndexName = "index.bc";

/// What the index says of the archive.
struct PackedFacts {
  std::string Digest;      ///< SHA-256, 64 lower-case hexadecimal digits.
  std::string SymbolsHash; ///< See PackedLibrary::symbolsHash.
  /// Of the module. As such it would be assembled by LLVM's tools, and its
  /// symbols be in the archive's table.
  std::string Assembly;
};

/// Writes \p Facts into the index \p M, over those it has.
void setPackedFacts(llvm::Module &M, const PackedFacts &Facts);

/// Reads the facts in \p M; nothing if it is no index.
std::optional<PackedFacts> getPackedFacts(const llvm::Module &M);

/// An archive, of which nothing but the index is known to be whole until it is
/// asked for.
class PackedLibrary {
public:
  /// Opens \p Content, the whole file, whose name is the library's path; it
  /// outlives the result.
  ///
  /// \returns the archive, or an error: damaged, or another archive.
  static llvm::Expected<PackedLibrary> open(llvm::MemoryBufferRef Content);

  /// Returns the index, with the library's path for a name.
  llvm::MemoryBufferRef index() const { return Index; }

  /// Returns XXH3's 128 bits of the symbol table as hexadecimal digits: LLVM
  /// trusts that table.
  std::string symbolsHash() const;

  /// Returns the members that define a symbol for which \p Wants is true, in
  /// their order, intact.
  ///
  /// \param Facts of the index.
  /// \returns an error if the symbol table or such a member is damaged.
  llvm::Expected<std::vector<llvm::MemoryBufferRef>>
  find(llvm::function_ref<bool(llvm::StringRef)> Wants,
       const PackedFacts &Facts) const;

private:
  PackedLibrary(std::unique_ptr<llvm::object::Archive> Archive,
                llvm::MemoryBufferRef Index)
      : Archive(std::move(Archive)), Index(Index) {}

  std::unique_ptr<llvm::object::Archive> Archive;
  llvm::MemoryBufferRef Index;
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_PACKEDLIBRARY_H
