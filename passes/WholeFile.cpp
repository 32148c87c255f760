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

Error inline_helpers::writeWholeFile(StringRef Path, StringRef Content,
                                     StringRef Help) {
  auto Fail = [&](const Twine &Why) {
    return makeError(DiagnosticCode::Unwritable,
                     "cannot write '" + Path + "': " + Why, Help);
  };
  if (Path == "-") {
    if (std::error_code EC = write(outs(), Content))
      return makeError(DiagnosticCode::Unwritable,
                       "cannot write to standard output: " + EC.message(),
                       "make room for it");
    return Error::success();
  }
  if (Path == "/dev/null")
    return Error::success();
  sys::fs::file_status Status;
  if (!sys::fs::status(Path, Status) && !sys::fs::is_regular_file(Status))
    return Fail("it is not a regular file");
  // A link stays a link.
  SmallString<128> Real;
  if (sys::fs::real_path(Path, Real))
    Real = Path;
  int FD;
  SmallString<128> Temporary;
  if (std::error_code EC =
          sys::fs::createUniqueFile(Real + ".temp-%%%%%%%%", FD, Temporary))
    return Fail(EC.message());
  FileRemover Remover(Temporary);
  raw_fd_ostream Out(FD, /*shouldClose=*/true);
  if (std::error_code EC = write(Out, Content))
    return Fail(EC.message());
  Out.close();
  if (std::error_code EC = Out.error()) {
    Out.clear_error();
    return Fail(EC.message());
  }
  if (std::error_code EC = sys::fs::rename(Temporary, Real))
    return Fail(EC.message());
  Remover.releaseFile();
  return Error::success();
}
