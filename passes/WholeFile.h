//===- WholeFile.h - Reads and writes whole files ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_WHOLEFILE_H
#define INLINE_HELPERS_PASSES_WHOLEFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace inline_helpers {

/// The size of the largest file that is read, in bytes: a bitcode wrapper can
/// describe 4 times as much, and a file of holes is no reason to run out of
/// memory.
inline constexpr uint64_t MaxFileSize = uint64_t(1) << 30;

/// Reads the regular file \p Path whole. It is not mapped: a mapped file that
/// is truncated meanwhile kills the process.
///
/// \param Kind what the file is, in an error; \p Help is the cure in it.
/// \param MappedMagic a file that begins so is mapped all the same; empty: none
///        is. It is for files too large to be read for a part of them, of a
///        kind that is replaced as a whole and never cut.
/// \returns the content, or an error that names the file: no such file, no
/// permission, a directory, a
///          FIFO or a device, too large.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readWholeFile(llvm::StringRef Path, llvm::StringRef Kind, llvm::StringRef Help,
              llvm::StringRef MappedMagic = {});

/// Takes \p Content out of the process' memory if it is a mapped file of
/// readWholeFile. It stays mapped: what is read again comes from the file.
///
/// MemoryBuffer::dontNeedIfMmap asks posix_madvise, which does nothing in
/// glibc.
void releaseMapped(const llvm::MemoryBuffer &Content);

/// Puts \p Content into the file \p Path, "-" being standard output. A file
/// that is there is replaced at once, and left as it was on an error.
///
/// llvm::writeToOutput is not enough: it renames first what a full disk has cut
/// short, and aborts then; and it installs handlers for signals, while the
/// process can be a compiler's.
///
/// \param Help the cure in an error.
/// \returns an error that names the file: no room, no permission, a directory,
///          a FIFO or a device (but /dev/null).
llvm::Error writeWholeFile(
    llvm::StringRef Path, llvm::StringRef Content,
    llvm::StringRef Help = "name a file in a folder that can be written");

/// A file to be written, and what it is to hold.
struct FileContent {
  llvm::StringRef Path;
  llvm::StringRef Content;
};

/// The same of \p Files that belong together: all are written, or none is.
llvm::Error writeWholeFiles(
    llvm::ArrayRef<FileContent> Files,
    llvm::StringRef Help = "name a file in a folder that can be written");

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_WHOLEFILE_H
