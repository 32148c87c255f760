//===- ModuleName.h - Helpers that use KBUILD_MODNAME -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The kernel's build compiles each module with its name as the macro
/// KBUILD_MODNAME, which pr_*() and others put in front of their text. Helpers
/// are compiled once for all modules: with a placeholder for the name, which is
/// replaced where a helper comes into a module. `inline-helpers compile` marks
/// the helpers that depend on the name in another way than by such text.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_MODULENAME_H
#define INLINE_HELPERS_PASSES_MODULENAME_H

#include "passes/Compatibility.h"
#include "llvm/IR/GlobalVariable.h"

namespace inline_helpers {

/// Stands for the module's name in a library. It is as long as a name can be:
/// linux/module.h has 64 - sizeof(unsigned long) bytes for it and its end.
inline constexpr llvm::StringLiteral ModuleNamePlaceholder =
    "placeholder_by_inline_helpers_for_the_name_of_a_module_";
inline constexpr size_t MaxModuleNameSize = 55;

/// The attribute of a function that depends on the module's name by more than
/// the text of strings.
inline constexpr llvm::StringLiteral ModuleNameAttribute =
    "inline-helpers-module-name";

/// Returns true if \p Name can be the name of a kernel module: letters, digits
/// and underscores, as kbuild makes it.
bool isModuleName(llvm::StringRef Name);

/// Returns the module's name for \p ModFile, the value of RUST_MODFILE that
/// kbuild hands to rustc ("drivers/block/rnull-mod" gives "rnull_mod"): its
/// base name with '-' and ',' made '_' (scripts/Makefile.lib, name-fix); ""
/// where that is no module's name.
std::string getModuleName(llvm::StringRef ModFile);

/// Returns \p Text with each placeholder replaced by \p Name.
std::string replacePlaceholder(llvm::StringRef Text, llvm::StringRef Name);

/// Returns true if the placeholder is in \p C or in a constant it is made of.
bool hasPlaceholder(const llvm::Constant &C);

/// Returns the text of \p Variable if it is a constant string of C, local to
/// its file, that has the placeholder; else nothing.
std::optional<llvm::StringRef>
getPlaceholderText(const llvm::GlobalVariable &Variable);

/// How a helper depends on the name of the module that it comes into.
enum class ModuleNameUse {
  None,
  Text, ///< Strings have it, and nothing else depends on it.
  Other ///< Its size, one of its characters, a symbol: the helper stays a call.
};

/// Finds how the helper of \p Closure depends on the module's name.
ModuleNameUse findModuleNameUse(const HelperClosure &Closure);

/// Judges the helper of \p Closure for the module called \p Name (empty: it is
/// not known).
std::optional<Left> judgeModuleName(const HelperClosure &Closure,
                                    llvm::StringRef Name);

/// Puts \p Name into the strings that \p Closures bring along: they name others
/// then. They have been judged.
void setModuleName(llvm::MutableArrayRef<HelperClosure> Closures,
                   llvm::StringRef Name);

/// Checks that no variable and no name of \p M has the placeholder.
///
/// \returns the error that names the one that has.
llvm::Error checkNoPlaceholder(const llvm::Module &M);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_MODULENAME_H
