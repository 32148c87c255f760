//===- KernelModuleName.h - Compiles with a placeholder ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Helpers that use KBUILD_MODNAME are compiled twice, with two placeholders
/// that differ in size and in each character. What differs in the results by
/// more than the text of strings depends on the name in a way that nothing can
/// replace afterwards, and is marked. See passes/ModuleName.h.
///
/// clang alone, which runs no LLVM pass then, can have looked at the name: the
/// strings are out of sight while LLVM simplifies the library. The sizes are
/// the least and the greatest that a name can have, so that a comparison of
/// sizes that has two answers gives both.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_KERNELMODULENAME_H
#define INLINE_HELPERS_TOOLS_KERNELMODULENAME_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ValueHandle.h"
#include <string>
#include <vector>

namespace inline_helpers {

/// Which of the two compilations.
enum class Placeholder { First, Second };

/// Returns the flags that, behind \p Flags, put a placeholder where those
/// define the name of a kernel module as kbuild does (scripts/Makefile.lib,
/// modname_flags and modfile_flags); none if they do not.
std::vector<std::string> getModuleNameFlags(llvm::ArrayRef<std::string> Flags,
                                            Placeholder Which);

/// Marks the functions of \p First that depend on the name by more than text:
/// their bodies, or what they reach, are others in \p Second. Both are of one
/// context and come from clang; \p Second cannot be used any more.
void markModuleNameUse(llvm::Module &First, llvm::Module &Second);

/// Marks the functions of \p First in which clang may have read characters of
/// the name, and have decided something by them that is the same for both
/// placeholders (`KBUILD_MODNAME[0] == 'x'`).
///
/// \param Print the C that clang's -ast-print makes of the source: a function
///        begins and ends in the first column, and adjacent literals are one.
void markModuleNameReaders(llvm::Module &First, llvm::StringRef Print);

/// Marks the functions of \p M that reach a marked one, which may be inlined
/// into them.
void spreadModuleNameUse(llvm::Module &M);

/// Keeps the strings that have the placeholder out of LLVM's sight: meanwhile
/// they are declarations of a size that is not known.
class HiddenStrings {
public:
  explicit HiddenStrings(llvm::Module &M);
  ~HiddenStrings();

private:
  llvm::Module &M;
  /// A string, which is in no module, and what stands for it.
  llvm::SmallVector<std::pair<llvm::GlobalVariable *, llvm::WeakVH>> Strings;
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_KERNELMODULENAME_H
