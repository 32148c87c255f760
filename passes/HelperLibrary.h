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
/// LLVM's reader aborts on some damaged bitcode, so it sees only what is known
/// to be whole: a sealed library (Seal.h), or what was written anew in another
/// process that read it (OutsideReader.h).
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_HELPERLIBRARY_H
#define INLINE_HELPERS_PASSES_HELPERLIBRARY_H

#include "passes/Diagnostics.h"
#include "passes/Options.h"
#include "passes/PackedLibrary.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <memory>
#include <mutex>

namespace inline_helpers {

/// The cure for a library that cannot be used.
inline constexpr llvm::StringLiteral MakeItHelp =
    "make the library with 'inline-helpers compile'";

/// Reads the file \p Path whole (WholeFile.h).
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readLibraryFile(llvm::StringRef Path);

/// Says that the library \p Path is damaged.
llvm::Error damagedLibrary(llvm::StringRef Path, const llvm::Twine &Why);

/// Says that the library \p Path has the format of another version.
llvm::Error otherFormat(llvm::StringRef Path);

/// A library's file, and what LLVM's reader reads for it.
struct LibraryFile {
  /// \param File bitcode that LLVM's reader can take as it is.
  explicit LibraryFile(std::unique_ptr<llvm::MemoryBuffer> File)
      : Content(std::move(File)), Written(Content->getMemBufferRef()),
        Bitcode(Written) {}

  std::unique_ptr<llvm::MemoryBuffer> Content; ///< All of the file.
  /// The same, or its index if it is an archive; the name is the file's.
  llvm::MemoryBufferRef Written;
  /// The same, or what is in Rewritten.
  llvm::MemoryBufferRef Bitcode;
  std::unique_ptr<llvm::MemoryBuffer> Rewritten;
  std::optional<PackedLibrary> Packed; ///< The archive, if it is one.
};

/// Reads the file that \p Option names. Bitcode that is not sealed is written
/// anew by rewriteOutside (OutsideReader.h). Of an archive only the index and
/// the symbol table are read.
///
/// \returns the file, or an error: unreadable, not bitcode, wrong digest,
///          damaged, and all that rewriteOutside finds.
llvm::Expected<LibraryFile> readLibrary(const LibraryOption &Option);

/// The files of the libraries that a compiler's process has opened. Each is
/// read once, for all codegen units.
class LibraryFiles {
public:
  /// Returns what readLibrary has returned for \p Option the first time, for
  /// which threads that ask meanwhile wait.
  llvm::Expected<std::shared_ptr<const LibraryFile>>
  get(const LibraryOption &Option);

private:
  struct Entry {
    std::shared_ptr<const LibraryFile> File;
    std::optional<HelperError> Error;
  };

  std::mutex Mutex;
  std::map<std::pair<std::string, std::string>, Entry> Known;
};

/// Returns the SHA-256 digest of \p Content as 64 lower-case hexadecimal
/// digits, the form sha256= takes.
std::string getDigest(llvm::StringRef Content);

/// An LLVM, by the text it writes into the identification block of bitcode.
struct Producer {
  std::string Text;   ///< As written, such as "LLVM22.1.8".
  unsigned Major = 0; ///< 0 if the text is not LLVM's own form.
  /// Not a release: "LLVM22.0.0git", "LLVM22.1.0-rc1", or with a suffix of its
  /// own and the minor number 0, which no release has since LLVM 18 (LLVM
  /// Discourse, "Changing the versioning scheme").
  bool IsSnapshot = false;
};

/// Takes \p Text, such as "LLVM22.1.4-rust-1.97.0-nightly", apart.
Producer parseProducer(llvm::StringRef Text);

/// Reads the producer of \p Buffer without parsing the module.
///
/// \returns the producer, or an error if \p Buffer is not bitcode or is
///          damaged.
llvm::Expected<Producer> readProducer(llvm::MemoryBufferRef Buffer);

/// Returns the LLVM of this process as it writes itself into bitcode: its
/// suffix is known to no function of LLVM.
const Producer &getHostProducer();

/// Checks that the LLVM \p Host may read the library \p Path of the producer
/// \p From: bitcode is read by the LLVM that wrote it and by newer ones (LLVM
/// Developer Policy, "IR Backwards Compatibility"). That is said of releases:
/// what a development snapshot writes is read by that snapshot alone, and a
/// snapshot reads besides what older majors released.
///
/// \returns the error that names both versions if it may not.
llvm::Error checkProducer(llvm::StringRef Path, const Producer &From,
                          const Producer &Host);

/// A library of helpers, opened lazily.
class HelperLibrary {
public:
  /// Opens the library \p Option names, in \p Context.
  ///
  /// \param Files where its file is from.
  /// \param Wanted of an archive, the symbols whose definitions are read; none:
  ///        all.
  /// \returns the library, or an error: unreadable, not bitcode, wrong digest,
  ///          produced by another LLVM than may be read, damaged,
  ///          instrumented.
  static llvm::Expected<HelperLibrary>
  open(const LibraryOption &Option, llvm::LLVMContext &Context,
       LibraryFiles &Files,
       std::optional<llvm::ArrayRef<llvm::StringRef>> Wanted);

  /// The same of a library that is opened once.
  static llvm::Expected<HelperLibrary> open(const LibraryOption &Option,
                                            llvm::LLVMContext &Context) {
    LibraryFiles Files;
    return open(Option, Context, Files, /*Wanted=*/std::nullopt);
  }

  /// The part of open() that lets LLVM parse: \p File is from readLibrary, or
  /// written by LLVM in this very process or a moment ago. Its name is the
  /// library's path.
  ///
  /// \param Wanted as above.
  static llvm::Expected<HelperLibrary>
  parse(std::shared_ptr<const LibraryFile> File, llvm::LLVMContext &Context,
        std::optional<llvm::ArrayRef<llvm::StringRef>> Wanted = std::nullopt);
  static llvm::Expected<HelperLibrary> parse(LibraryFile File,
                                             llvm::LLVMContext &Context) {
    return parse(std::make_shared<LibraryFile>(std::move(File)), Context);
  }

  llvm::StringRef path() const { return File->Content->getBufferIdentifier(); }
  /// Returns the digest of the file, as sha256= takes it.
  std::string digest() const;
  llvm::Module &module() const { return *M; }

  /// Checks that helpers of this library can be code of \p Consumer: the same
  /// architecture, and the same data layout after LLVM's upgrade. Vendor,
  /// operating system and environment may differ.
  llvm::Error checkTarget(const llvm::Module &Consumer) const;

  /// Reads the body of \p F, a function of this library.
  llvm::Error materialize(llvm::Function &F) const;

  /// Reads every body, runs LLVM's verifier on the whole, and checks the
  /// constraints of inline assembly.
  llvm::Error verify() const;

  /// Gives up the module.
  std::unique_ptr<llvm::Module> takeModule() { return std::move(M); }

private:
  HelperLibrary(std::shared_ptr<const LibraryFile> File,
                std::unique_ptr<llvm::Module> M)
      : File(std::move(File)), M(std::move(M)) {}

  /// Reads the members of the archive that define \p Wanted, or all of them.
  llvm::Error addMembers(std::optional<llvm::ArrayRef<llvm::StringRef>> Wanted);

  std::shared_ptr<const LibraryFile> File; ///< What is read lazily into M.
  std::unique_ptr<llvm::Module> M;
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_HELPERLIBRARY_H
