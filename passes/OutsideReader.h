//===- OutsideReader.h - Reads bitcode in another process -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// LLVM's reader aborts on some damaged bitcode, and in rustc's process it
/// would take rustc along. So bitcode that nothing vouches for is read in a
/// process of its own, by the command that belongs to the plugin, and only what
/// LLVM's writer makes of it there is read here: on the same damaged bytes
/// the reader may fail in one process and not in another.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_OUTSIDEREADER_H
#define INLINE_HELPERS_PASSES_OUTSIDEREADER_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>

namespace inline_helpers {

/// The word that makes the command the other process:
///   inline-helpers rewrite-stdin NAME < BITCODE
/// It is no command for people.
inline constexpr llvm::StringLiteral OutsideReaderCommand = "rewrite-stdin";

/// Reads all of \p Buffer in this process, which may not survive it, runs
/// LLVM's verifier and writes the module anew. Then reads that, and moves all
/// helpers into an empty module, as the import moves some, with each kind of
/// debug info, and generates code for their inline assembly if the caller has
/// registered its target.
///
/// \returns the new bitcode, sealed, or the first error, with the buffer's name
///          as the library's.
llvm::Expected<std::string> rewriteHere(llvm::MemoryBufferRef Buffer);

/// Limits what this process may use from now on to read \p Size bytes of
/// bitcode: memory, stack, processor time, time. Beyond it is killed.
void limitReader(size_t Size);

/// Has the command do rewriteHere on the bytes of \p Buffer.
///
/// The command is looked for beside the plugin (../bin, as it is built or
/// installed; ../../bin with a multiarch lib folder), or beside the program
/// that these passes are linked into.
///
/// \returns what rewriteHere says; where it did not return, that the library is
///          damaged; or that the command is not there, does not run or is of
///          another LLVM.
llvm::Expected<std::string> rewriteOutside(llvm::MemoryBufferRef Buffer);

/// What the command does for rewriteOutside: limits itself, reads standard
/// input as the library \p Name and prints the answer.
///
/// \returns the exit status.
int answerOutsideReader(llvm::StringRef Name);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_OUTSIDEREADER_H
