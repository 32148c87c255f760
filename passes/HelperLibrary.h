//===- HelperLibrary.h - A file of helper bitcode ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Opens helper bitcode lazily: names, types and attributes are read, no
/// function body is.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_HELPERLIBRARY_H
#define INLINE_HELPERS_PASSES_HELPERLIBRARY_H

#include "passes/Options.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace inline_helpers {

/// Reads the regular file \p Path whole. It is not mapped: a mapped file that
/// is truncated meanwhile kills the process.
///
/// \returns the content, or an error (no such file, no permission, a directory,
///          a FIFO) that names the file.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readLibraryFile(llvm::StringRef Path);

/// Returns the SHA-256 digest of \p Content as 64 lower-case hexadecimal
/// digits, the form sha256= takes.
std::string getDigest(llvm::StringRef Content);

/// The LLVM that wrote a bitcode file, from its identification block.
struct Producer {
  std::string Text;   ///< As written, such as "LLVM22.1.8".
  unsigned Major = 0; ///< 0 if the text is not LLVM's own form.
};

/// Reads the producer of \p Buffer without parsing the module.
///
/// \returns the producer, or an error if \p Buffer is not bitcode or is
///          damaged.
llvm::Expected<Producer> readProducer(llvm::MemoryBufferRef Buffer);

/// Checks that an LLVM \p HostMajor may read \p Buffer: bitcode is read by the
/// LLVM that wrote it and by newer ones (LLVM Developer Policy, "IR Backwards
/// Compatibility").
///
/// \returns the error that names both versions if it may not.
llvm::Error checkProducer(llvm::MemoryBufferRef Buffer, unsigned HostMajor);

/// A library of helpers, opened lazily.
class HelperLibrary {
public:
  /// Opens the library \p Option names, in \p Context.
  ///
  /// \returns the library, or an error: unreadable, not bitcode, wrong digest,
  ///          produced by a newer LLVM, damaged, instrumented.
  static llvm::Expected<HelperLibrary> open(const LibraryOption &Option,
                                            llvm::LLVMContext &Context);

  llvm::StringRef path() const { return Path; }
  llvm::Module &module() const { return *M; }

  /// Checks that helpers of this library can be code of \p Consumer: the same
  /// architecture, and the same data layout after LLVM's upgrade. Vendor,
  /// operating system and environment may differ.
  llvm::Error checkTarget(const llvm::Module &Consumer) const;

  /// Reads the body of \p F, a function of this library.
  llvm::Error materialize(llvm::Function &F) const;

  /// Gives up the module, for IRMover.
  std::unique_ptr<llvm::Module> takeModule() { return std::move(M); }

private:
  HelperLibrary(llvm::StringRef Path, std::unique_ptr<llvm::Module> M)
      : Path(Path), M(std::move(M)) {}

  std::string Path;
  std::unique_ptr<llvm::Module> M;
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_HELPERLIBRARY_H
