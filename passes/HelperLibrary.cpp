//===- HelperLibrary.cpp - A file of helper bitcode -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/HelperLibrary.h"
#include "passes/Diagnostics.h"
#include "passes/LLVMVersion.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral MakeItHelp =
    "make the library with 'inline-helpers compile'";

static Error unreadable(StringRef Path, const Twine &Why) {
  return makeError(DiagnosticCode::Unreadable,
                   "cannot read library '" + Path + "': " + Why, MakeItHelp);
}

Expected<std::unique_ptr<MemoryBuffer>>
inline_helpers::readLibraryFile(StringRef Path) {
  // Opening a FIFO would wait for a writer, so the kind is asked for first.
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(Path, Status))
    return unreadable(Path, EC.message());
  if (sys::fs::is_directory(Status))
    return unreadable(Path, "it is a directory");
  if (!sys::fs::is_regular_file(Status))
    return unreadable(Path, "it is not a regular file");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false,
      /*IsVolatile=*/true);
  if (std::error_code EC = Buffer.getError())
    return unreadable(Path, EC.message());
  return std::move(*Buffer);
}

std::string inline_helpers::getDigest(StringRef Content) {
  SHA256 Hasher;
  Hasher.update(Content);
  return toHex(ArrayRef<uint8_t>(Hasher.final()), /*LowerCase=*/true);
}

static Error damaged(StringRef Path, const Twine &Why) {
  return makeError(DiagnosticCode::Damaged,
                   "library '" + Path + "' is damaged: " + Why, MakeItHelp);
}

/// Turns LLVM's own error about the bitcode in \p Path into ours.
static Error damaged(StringRef Path, Error E) {
  return damaged(Path, toString(std::move(E)));
}

static Error notBitcode(MemoryBufferRef Buffer) {
  StringRef What = "it is not LLVM bitcode";
  if (Buffer.getBufferSize() == 0) {
    What = "it is empty";
  } else {
    switch (identify_magic(Buffer.getBuffer())) {
    case file_magic::archive:
      What = "it is an archive, not LLVM bitcode";
      break;
    case file_magic::elf_relocatable:
      What = "it is an object file, not LLVM bitcode";
      break;
    default:
      break;
    }
  }
  return makeError(DiagnosticCode::NotBitcode,
                   "cannot use library '" + Buffer.getBufferIdentifier() +
                       "': " + What,
                   MakeItHelp);
}

Expected<Producer> inline_helpers::readProducer(MemoryBufferRef Buffer) {
  const auto *Start =
      reinterpret_cast<const unsigned char *>(Buffer.getBufferStart());
  const auto *End =
      reinterpret_cast<const unsigned char *>(Buffer.getBufferEnd());
  if (Buffer.getBufferSize() < 4 || !isBitcode(Start, End))
    return notBitcode(Buffer);
  Expected<std::string> Text = getBitcodeProducerString(Buffer);
  if (!Text)
    return damaged(Buffer.getBufferIdentifier(), Text.takeError());
  Producer Result;
  Result.Text = *Text;
  StringRef Version = *Text;
  if (!Version.consume_front("LLVM") ||
      Version.consumeInteger(10, Result.Major))
    Result.Major = 0;
  return Result;
}

Error inline_helpers::checkProducer(MemoryBufferRef Buffer,
                                    unsigned HostMajor) {
  Expected<Producer> Found = readProducer(Buffer);
  if (!Found)
    return Found.takeError();
  if (Found->Major <= HostMajor)
    return Error::success();
  return makeError(
      DiagnosticCode::NewerProducer,
      "library '" + Buffer.getBufferIdentifier() + "' was produced by " +
          Found->Text + ", and this compiler has LLVM " + Twine(HostMajor) +
          ", which cannot read newer bitcode",
      "compile the helpers with clang " + Twine(HostMajor) +
          " or older, or use a rustc with LLVM " + Twine(Found->Major));
}

/// Refuses bitcode that a sanitizer or profiler has run on: its module flag
/// would switch the sanitizer off for the whole crate, and its calls would be
/// code the crate was not configured for. Instrumentation is the job of the
/// pipeline that the helpers are imported into.
static Error checkNotInstrumented(StringRef Path, const Module &M) {
  static constexpr StringLiteral Prefixes[] = {
      "__asan_",         "__hwasan_", "__msan_",
      "__tsan_",         "__kmsan_",  "__sanitizer_cov_",
      "__llvm_profile_", "__profc_",  "__llvm_gcov_"};
  auto Refuse = [&](const Twine &Sign) {
    return makeError(DiagnosticCode::Instrumented,
                     "library '" + Path + "' is instrumented: " + Sign,
                     "'inline-helpers compile' takes the bitcode before any "
                     "instrumentation, with the same C flags");
  };
  if (M.getModuleFlag("nosanitize_address"))
    return Refuse("module flag nosanitize_address");
  for (const GlobalValue &GV : M.global_values())
    for (StringRef Prefix : Prefixes)
      if (GV.getName().starts_with(Prefix))
        return Refuse("symbol " + GV.getName());
  return Error::success();
}

Expected<HelperLibrary> HelperLibrary::open(const LibraryOption &Option,
                                            LLVMContext &Context) {
  StringRef Path = Option.Path;
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readLibraryFile(Path);
  if (!Buffer)
    return Buffer.takeError();
  // The digest comes first: LLVM's reader can abort on damaged bitcode.
  if (!Option.SHA256.empty()) {
    std::string Digest = getDigest((*Buffer)->getBuffer());
    if (Digest != Option.SHA256)
      return makeError(DiagnosticCode::WrongDigest,
                       "library '" + Path + "' has the SHA-256 digest " +
                           Digest + ", expected " + Option.SHA256,
                       "take the flags anew from 'inline-helpers flags', or "
                       "make the library again");
  }
  if (Error E = checkProducer(**Buffer, LLVM_VERSION_MAJOR))
    return E;
  Expected<std::unique_ptr<Module>> M =
      getOwningLazyBitcodeModule(std::move(*Buffer), Context,
                                 /*ShouldLazyLoadMetadata=*/true);
  if (!M)
    return damaged(Path, M.takeError());
  if (Error E = (*M)->materializeMetadata())
    return damaged(Path, std::move(E));
  if (Error E = checkNotInstrumented(Path, **M))
    return E;
  return HelperLibrary(Path, std::move(*M));
}

Error HelperLibrary::checkTarget(const Module &Consumer) const {
  Triple Ours = getTriple(*M), Theirs = getTriple(Consumer);
  if (Ours.getArch() != Theirs.getArch())
    return makeError(DiagnosticCode::OtherTarget,
                     "library '" + Path + "' is for the target " + Ours.str() +
                         ", and the crate for " + Theirs.str(),
                     "compile the helpers for the crate's target (clang "
                     "--target=" +
                         Theirs.str() + ")");
  if (M->getDataLayout() != Consumer.getDataLayout())
    return makeError(
        DiagnosticCode::OtherTarget,
        "library '" + Path + "' has another data layout than the crate: \"" +
            M->getDataLayoutStr() + "\", expected \"" +
            Consumer.getDataLayoutStr() + "\"",
        "compile the helpers with the ABI options of the crate's target");
  return Error::success();
}

Error HelperLibrary::materialize(Function &F) const {
  if (Error E = F.materialize())
    return damaged(Path, std::move(E));
  return Error::success();
}
