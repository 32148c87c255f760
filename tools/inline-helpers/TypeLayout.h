//===- TypeLayout.h - Where a compiler puts the members of types -*- C++ -*-==//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads from debug info (DWARF) the sizes and offsets that a C compiler gave
/// the types of a file, and compares those of two compilers.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_TYPELAYOUT_H
#define INLINE_HELPERS_TOOLS_TYPELAYOUT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>
#include <vector>

namespace inline_helpers {

/// What debug info says of one type: the type's own size under the empty name,
/// then each member or enumerator. A member of an anonymous structure counts
/// for the type around it; one of a member's own nameless type has both names
/// ("lock.owner"). The text is for comparison and for people: "4 bytes at 8".
using TypeLayout = std::map<std::string, std::string>;

/// The types of one object that have a name and are defined outside functions:
/// "struct page", "union u", "enum e", "atomic_t".
struct ObjectTypes {
  std::string Producer; ///< The compiler, as it calls itself.
  std::map<std::string, TypeLayout> Types;
};

/// Reads the types of the object file \p Path, compiled with -g.
///
/// \returns them, or an error: no object file, or damaged debug info.
llvm::Expected<ObjectTypes> readTypes(llvm::StringRef Path);

/// One difference: of a type's member, or of its size if that is empty.
struct LayoutDifference {
  std::string Type;
  std::string Member;
  std::string First;  ///< Empty: only the second has it.
  std::string Second; ///< Empty: only the first has it.
};

/// What a comparison found, and of how much.
struct LayoutComparison {
  unsigned Types = 0;
  unsigned Members = 0;
  unsigned OnlyOne = 0; ///< Types that only one of the two defines.
  std::vector<LayoutDifference> Differences;
};

/// Compares every type that both define. One that only one of them defines is
/// no type that their code shares.
LayoutComparison compareTypes(const ObjectTypes &First,
                              const ObjectTypes &Second);

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_TYPELAYOUT_H
