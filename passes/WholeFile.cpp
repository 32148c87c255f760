//===- WholeFile.cpp - Reads and writes whole files -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/WholeFile.h"
#include "passes/Diagnostics.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <fcntl.h>
#include <list>
#include <sys/mman.h>
#include <unistd.h>

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Read
//===----------------------------------------------------------------------===//

/// Reads the file that is open as \p FD and was named \p Path.
static Expected<std::unique_ptr<MemoryBuffer>>
readOpened(int FD, StringRef Path, StringRef MappedMagic,
           function_ref<Error(const Twine &)> Fail) {
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(FD, Status))
    return Fail(EC.message());
  if (sys::fs::is_directory(Status))
    return Fail("it is a directory");
  if (!sys::fs::is_regular_file(Status))
    return Fail("it is not a regular file");
  if (Status.getSize() > MaxFileSize)
    return Fail("it is larger than 1 GiB");
  if (!MappedMagic.empty()) {
    std::string Magic(MappedMagic.size(), '\0');
    Expected<size_t> Size = sys::fs::readNativeFileSlice(
        FD, MutableArrayRef<char>(Magic.data(), Magic.size()), /*Offset=*/0);
    if (!Size)
      return Fail(toString(Size.takeError()));
    if (Magic == MappedMagic) {
      ErrorOr<std::unique_ptr<MemoryBuffer>> Mapped =
          MemoryBuffer::getOpenFile(FD, Path, Status.getSize(),
                                    /*RequiresNullTerminator=*/false);
      if (!Mapped)
        return Fail(Mapped.getError().message());
      return std::move(*Mapped);
    }
  }
  // It may have become shorter or longer since: its end counts.
  SmallVector<char, 0> Content;
  if (Error E = sys::fs::readNativeFileToEOF(FD, Content, Status.getSize() + 1))
    return Fail(toString(std::move(E)));
  return std::make_unique<SmallVectorMemoryBuffer>(
      std::move(Content), Path, /*RequiresNullTerminator=*/false);
}

Expected<std::unique_ptr<MemoryBuffer>>
inline_helpers::readWholeFile(StringRef Path, StringRef Kind, StringRef Help,
                              StringRef MappedMagic) {
  auto Fail = [&](const Twine &Why) {
    return makeError(DiagnosticCode::Unreadable,
                     "cannot read " + Kind + " '" + Path + "': " + Why, Help);
  };
  // Opening a FIFO would wait for a writer. The kind is asked of what is open
  // and then read: the name may be another file's by now.
  int FD = sys::RetryAfterSignal(-1, [&] {
    return ::open(Path.str().c_str(),
                  O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  });
  if (FD < 0)
    return Fail(errnoAsErrorCode().message());
  Expected<std::unique_ptr<MemoryBuffer>> Buffer =
      readOpened(FD, Path, MappedMagic, Fail);
  ::close(FD);
  return Buffer;
}

void inline_helpers::releaseMapped(const MemoryBuffer &Content) {
  // A hint: the content is the same if it fails.
  if (Content.getBufferKind() == MemoryBuffer::MemoryBuffer_MMap)
    ::madvise(const_cast<char *>(Content.getBufferStart()),
              Content.getBufferSize(), MADV_DONTNEED);
}

//===----------------------------------------------------------------------===//
// Write
//===----------------------------------------------------------------------===//

/// Writes \p Content and flushes \p Out, whose destructor ends the process on
/// an error that was not asked for.
static std::error_code write(raw_fd_ostream &Out, StringRef Content) {
  Out << Content;
  Out.flush();
  std::error_code EC = Out.error();
  Out.clear_error();
  return EC;
}

namespace {
/// A file whose content is on the disk, and not yet in its place.
struct PendingFile {
  FileContent File;
  SmallString<128> Real; ///< Its place; empty for standard output.
  SmallString<128> Temporary;
  FileRemover Remover; ///< Of Temporary.
};
} // namespace

static Error unwritable(StringRef Path, const Twine &Why, StringRef Help) {
  return makeError(DiagnosticCode::Unwritable,
                   "cannot write '" + Path + "': " + Why, Help);
}

/// Writes \p File beside its place.
static Error prepare(PendingFile &Pending, StringRef Help) {
  StringRef Path = Pending.File.Path;
  auto Fail = [&](const Twine &Why) { return unwritable(Path, Why, Help); };
  if (Path == "-" || Path == "/dev/null")
    return Error::success();
  sys::fs::file_status Status;
  if (!sys::fs::status(Path, Status) && !sys::fs::is_regular_file(Status))
    return Fail("it is not a regular file");
  // A link stays a link.
  if (sys::fs::real_path(Path, Pending.Real))
    Pending.Real = Path;
  int FD;
  if (std::error_code EC = sys::fs::createUniqueFile(
          Pending.Real + ".temp-%%%%%%%%", FD, Pending.Temporary))
    return Fail(EC.message());
  Pending.Remover.setFile(Pending.Temporary);
  raw_fd_ostream Out(FD, /*shouldClose=*/true);
  if (std::error_code EC = write(Out, Pending.File.Content))
    return Fail(EC.message());
  Out.close();
  if (std::error_code EC = Out.error()) {
    Out.clear_error();
    return Fail(EC.message());
  }
  return Error::success();
}

/// Puts what prepare has written into its place.
static Error finish(PendingFile &Pending, StringRef Help) {
  if (Pending.File.Path == "-") {
    if (std::error_code EC = write(outs(), Pending.File.Content))
      return makeError(DiagnosticCode::Unwritable,
                       "cannot write to standard output: " + EC.message(),
                       "make room for it");
    return Error::success();
  }
  if (Pending.File.Path == "/dev/null")
    return Error::success();
  if (std::error_code EC = sys::fs::rename(Pending.Temporary, Pending.Real))
    return unwritable(Pending.File.Path, EC.message(), Help);
  Pending.Remover.releaseFile();
  return Error::success();
}

Error inline_helpers::writeWholeFiles(ArrayRef<FileContent> Files,
                                      StringRef Help) {
  // FileRemover cannot be moved.
  std::list<PendingFile> Pending;
  for (const FileContent &File : Files) {
    Pending.emplace_back().File = File;
    if (Error E = prepare(Pending.back(), Help))
      return E;
  }
  for (auto It = Pending.begin(); It != Pending.end(); ++It)
    if (Error E = finish(*It, Help)) {
      // Without the others it fits nothing.
      for (const PendingFile &Done : make_range(Pending.begin(), It))
        if (!Done.Real.empty())
          sys::fs::remove(Done.Real);
      return E;
    }
  return Error::success();
}

Error inline_helpers::writeWholeFile(StringRef Path, StringRef Content,
                                     StringRef Help) {
  return writeWholeFiles({{Path, Content}}, Help);
}
