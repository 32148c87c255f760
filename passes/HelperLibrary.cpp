//===- HelperLibrary.cpp - A file of helper bitcode -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/HelperLibrary.h"
#include "passes/Diagnostics.h"
#include "passes/LLVMVersion.h"
#include "passes/OutsideReader.h"
#include "passes/Seal.h"
#include "passes/WholeFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Linker/IRMover.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

Expected<std::unique_ptr<MemoryBuffer>>
inline_helpers::readLibraryFile(StringRef Path) {
  return readWholeFile(Path, "library", MakeItHelp, PackedMagic);
}

std::string inline_helpers::getDigest(StringRef Content) {
  SHA256 Hasher;
  Hasher.update(Content);
  return toHex(ArrayRef<uint8_t>(Hasher.final()), /*LowerCase=*/true);
}

Error inline_helpers::damagedLibrary(StringRef Path, const Twine &Why) {
  return makeError(DiagnosticCode::Damaged,
                   "library '" + Path + "' is damaged: " + Why, MakeItHelp);
}

Error inline_helpers::otherFormat(StringRef Path) {
  return makeError(DiagnosticCode::OtherFormat,
                   "library '" + Path +
                       "' was made by another version of inline-helpers",
                   "compile it again with this one");
}

/// Turns LLVM's own error about the bitcode in \p Path into ours.
static Error damaged(StringRef Path, Error E) {
  return damagedLibrary(Path, toString(std::move(E)));
}

static Error notBitcode(MemoryBufferRef Buffer) {
  StringRef What = "it is not LLVM bitcode";
  if (Buffer.getBufferSize() == 0) {
    What = "it is empty";
  } else {
    switch (identify_magic(Buffer.getBuffer())) {
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

static bool looksLikeBitcode(StringRef Content) {
  return Content.size() >= 4 &&
         isBitcode(Content.bytes_begin(), Content.bytes_end());
}

Producer inline_helpers::parseProducer(StringRef Text) {
  Producer Result;
  Result.Text = Text.str();
  unsigned Minor = 0, Patch = 0;
  if (!Text.consume_front("LLVM") || Text.consumeInteger(10, Result.Major)) {
    Result.Major = 0;
    return Result;
  }
  bool HasMinor = Text.consume_front(".") && !Text.consumeInteger(10, Minor);
  if (HasMinor && Text.consume_front("."))
    Text.consumeInteger(10, Patch);
  // rustc's own suffix takes the place of LLVM's; what follows is rustc's
  // version.
  StringRef Suffix = Text.split("-rust").first;
  Suffix.consume_front("-");
  Result.IsSnapshot = Suffix.starts_with("git") || Suffix.starts_with("svn") ||
                      Suffix.starts_with("rc") ||
                      (HasMinor && Result.Major >= 18 && Minor == 0);
  return Result;
}

Expected<Producer> inline_helpers::readProducer(MemoryBufferRef Buffer) {
  if (!looksLikeBitcode(Buffer.getBuffer()))
    return notBitcode(Buffer);
  Expected<std::string> Text = getBitcodeProducerString(Buffer);
  if (!Text)
    return damaged(Buffer.getBufferIdentifier(), Text.takeError());
  return parseProducer(*Text);
}

const Producer &inline_helpers::getHostProducer() {
  // Never destroyed, as threads may run while the process exits.
  static const Producer &Host = *[] {
    LLVMContext Context;
    SmallString<0> Bitcode;
    raw_svector_ostream OS(Bitcode);
    WriteBitcodeToFile(Module("host", Context), OS);
    return new Producer(
        cantFail(readProducer(MemoryBufferRef(Bitcode, "host"))));
  }();
  return Host;
}

/// Returns the version in the text of \p From: "LLVM 22.0.0git".
static std::string describe(const Producer &From) {
  StringRef Version = From.Text;
  return Version.consume_front("LLVM") ? ("LLVM " + Version).str() : From.Text;
}

Error inline_helpers::checkProducer(StringRef Path, const Producer &From,
                                    const Producer &Host) {
  if (From.Text == Host.Text)
    return Error::success();
  std::string Produced = ("library '" + Path + "' was produced by ").str();
  if (From.Major > Host.Major)
    return makeError(
        DiagnosticCode::NewerProducer,
        Produced + From.Text + ", and this compiler has LLVM " +
            Twine(Host.Major) + ", which cannot read newer bitcode",
        "compile the helpers with clang " + Twine(Host.Major) +
            " or older, or use a rustc with LLVM " + Twine(From.Major));
  if (From.IsSnapshot)
    return makeError(
        DiagnosticCode::Snapshot,
        Produced + From.Text +
            ", a development snapshot whose bitcode no other LLVM is known to "
            "read, and this compiler has " +
            describe(Host),
        "compile the helpers with a release of clang, version " +
            Twine(Host.Major - Host.IsSnapshot) + " or older");
  if (Host.IsSnapshot && From.Major == Host.Major)
    return makeError(
        DiagnosticCode::Snapshot,
        Produced + From.Text + ", and this compiler has " + describe(Host) +
            ", a development snapshot that is only known to read the releases "
            "before it",
        "compile the helpers with clang " + Twine(Host.Major - 1) +
            " or older, or use a rustc with a release of LLVM " +
            Twine(Host.Major));
  return Error::success();
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

//===----------------------------------------------------------------------===//
// Is it whole?
//===----------------------------------------------------------------------===//

static Error wrongDigest(StringRef Path, StringRef Digest, StringRef Expected) {
  return makeError(DiagnosticCode::WrongDigest,
                   "library '" + Path + "' has the SHA-256 digest " + Digest +
                       ", expected " + Expected,
                   "take the flags anew from 'inline-helpers flags', or "
                   "make the library again");
}

/// Returns nothing if LLVM's reader can take \p Buffer, which has the digest \p
/// SHA256 unless that is empty; otherwise what it shall read instead.
static Expected<std::optional<std::string>> checkWhole(MemoryBufferRef Buffer,
                                                       StringRef SHA256) {
  StringRef Path = Buffer.getBufferIdentifier();
  if (!SHA256.empty()) {
    std::string Digest = getDigest(Buffer.getBuffer());
    if (Digest != SHA256)
      return wrongDigest(Path, Digest, SHA256);
  }
  switch (checkSeal(Buffer.getBuffer())) {
  case SealState::Intact:
    return std::nullopt;
  case SealState::Other:
    return otherFormat(Path);
  case SealState::Broken:
    return damagedLibrary(Path,
                          "it is not what 'inline-helpers compile' wrote");
  case SealState::None:
    break;
  }
  if (!looksLikeBitcode(Buffer.getBuffer()))
    return notBitcode(Buffer);
  return rewriteOutside(Buffer);
}

Expected<LibraryFile> inline_helpers::readLibrary(const LibraryOption &Option) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readLibraryFile(Option.Path);
  if (!Buffer)
    return Buffer.takeError();
  LibraryFile File(std::move(*Buffer));
  if (File.Content->getBuffer().starts_with(PackedMagic)) {
    Expected<PackedLibrary> Packed = PackedLibrary::open(File.Written);
    if (!Packed)
      return Packed.takeError();
    File.Bitcode = File.Written = Packed->index();
    File.Packed = std::move(*Packed);
    return File;
  }
  Expected<std::optional<std::string>> Rewritten =
      checkWhole(File.Written, Option.SHA256);
  if (!Rewritten)
    return Rewritten.takeError();
  if (*Rewritten) {
    File.Rewritten = MemoryBuffer::getMemBufferCopy(**Rewritten, Option.Path);
    File.Bitcode = File.Rewritten->getMemBufferRef();
  }
  return File;
}

Expected<std::shared_ptr<const LibraryFile>>
LibraryFiles::get(const LibraryOption &Option) {
  std::lock_guard<std::mutex> Lock(Mutex);
  auto [It, Inserted] = Known.try_emplace({Option.Path, Option.SHA256});
  Entry &Found = It->second;
  if (Inserted) {
    Expected<LibraryFile> File = readLibrary(Option);
    if (File)
      Found.File = std::make_shared<LibraryFile>(std::move(*File));
    else
      handleAllErrors(File.takeError(),
                      [&](const HelperError &E) { Found.Error = E; });
  }
  if (Found.Error)
    return make_error<HelperError>(*Found.Error);
  return Found.File;
}

//===----------------------------------------------------------------------===//
// HelperLibrary
//===----------------------------------------------------------------------===//

Expected<HelperLibrary>
HelperLibrary::open(const LibraryOption &Option, LLVMContext &Context,
                    LibraryFiles &Files,
                    std::optional<ArrayRef<StringRef>> Wanted) {
  Expected<std::shared_ptr<const LibraryFile>> File = Files.get(Option);
  if (!File)
    return File.takeError();
  Expected<HelperLibrary> Library = parse(std::move(*File), Context, Wanted);
  // Of an archive, it is the index that says its digest.
  if (Library && Library->File->Packed && !Option.SHA256.empty())
    if (std::string Digest = Library->digest(); Digest != Option.SHA256)
      return wrongDigest(Library->path(), Digest, Option.SHA256);
  return Library;
}

Expected<HelperLibrary>
HelperLibrary::parse(std::shared_ptr<const LibraryFile> File,
                     LLVMContext &Context,
                     std::optional<ArrayRef<StringRef>> Wanted) {
  StringRef Path = File->Bitcode.getBufferIdentifier();
  Expected<Producer> From = readProducer(File->Bitcode);
  if (!From)
    return From.takeError();
  if (Error E = checkProducer(Path, *From, getHostProducer()))
    return E;
  Expected<std::unique_ptr<Module>> M = getLazyBitcodeModule(
      File->Bitcode, Context, /*ShouldLazyLoadMetadata=*/true);
  if (!M)
    return damaged(Path, M.takeError());
  if (Error E = (*M)->materializeMetadata())
    return damaged(Path, std::move(E));
  HelperLibrary Library(std::move(File), std::move(*M));
  if (Library.File->Packed)
    if (Error E = Library.addMembers(Wanted))
      return E;
  if (Error E = checkNotInstrumented(Library.path(), *Library.M))
    return E;
  return Library;
}

/// Moves all that \p Mover's module does not have out of \p Member.
static Error linkWhole(IRMover &Mover, std::unique_ptr<Module> Member) {
  SmallVector<GlobalValue *> Definitions;
  for (GlobalValue &GV : Member->global_values())
    if (!GV.isDeclaration())
      Definitions.push_back(&GV);
  return Mover.move(std::move(Member), Definitions, /*AddLazyFor=*/{},
                    /*IsPerformingImport=*/false);
}

Error HelperLibrary::addMembers(std::optional<ArrayRef<StringRef>> Wanted) {
  StringRef Path = path();
  std::optional<PackedFacts> Facts = getPackedFacts(*M);
  if (!Facts)
    return damagedLibrary(Path, "its index has no facts");
  M->setModuleInlineAsm(Facts->Assembly);
  Expected<std::vector<MemoryBufferRef>> Members =
      Wanted ? File->Packed->find(*Wanted) : File->Packed->members();
  if (!Members)
    return Members.takeError();
  IRMover Mover(*M);
  for (MemoryBufferRef Member : *Members) {
    Expected<std::unique_ptr<Module>> Read =
        parseBitcodeFile(Member, M->getContext());
    if (!Read)
      return damaged(Path, Read.takeError());
    if (Error E = linkWhole(Mover, std::move(*Read)))
      return damaged(Path, std::move(E));
  }
  // It need not stay in memory beside what was read of it.
  releaseMapped(*File->Content);
  return Error::success();
}

std::string HelperLibrary::digest() const {
  if (std::optional<PackedFacts> Facts = getPackedFacts(*M))
    return Facts->Digest;
  return getDigest(File->Content->getBuffer());
}

Error HelperLibrary::checkTarget(const Module &Consumer) const {
  Triple Ours = getTriple(*M), Theirs = getTriple(Consumer);
  if (Ours.getArch() != Theirs.getArch())
    return makeError(DiagnosticCode::OtherTarget,
                     "library '" + path() + "' is for the target " +
                         Ours.str() + ", and the crate for " + Theirs.str(),
                     "compile the helpers for the crate's target (clang "
                     "--target=" +
                         Theirs.str() + ")");
  if (M->getDataLayout() != Consumer.getDataLayout())
    return makeError(
        DiagnosticCode::OtherTarget,
        "library '" + path() + "' has another data layout than the crate: \"" +
            M->getDataLayoutStr() + "\", expected \"" +
            Consumer.getDataLayoutStr() + "\"",
        "compile the helpers with the ABI options of the crate's target");
  return Error::success();
}

Error HelperLibrary::materialize(Function &F) const {
  if (Error E = F.materialize())
    return damaged(path(), std::move(E));
  return Error::success();
}

/// Checks the constraints of inline assembly in \p F. LLVM's reader and its
/// verifier take any text, and code generation crashes on some.
static Error checkConstraints(const Function &F) {
  for (const Instruction &I : instructions(F)) {
    const auto *CB = dyn_cast<CallBase>(&I);
    if (!CB || !CB->isInlineAsm())
      continue;
    const auto *Asm = cast<InlineAsm>(CB->getCalledOperand());
    if (Error E = InlineAsm::verify(Asm->getFunctionType(),
                                    Asm->getConstraintString()))
      return E;
  }
  return Error::success();
}

Error HelperLibrary::verify() const {
  for (Function &F : *M)
    if (Error E = materialize(F))
      return E;
  std::string Text;
  raw_string_ostream OS(Text);
  // Debug info that is not valid is left out; see DebugInfo.h.
  bool HasBrokenDebugInfo = false;
  if (verifyModule(*M, &OS, &HasBrokenDebugInfo))
    return damagedLibrary(path(), "it is not valid IR: " + OS.str());
  for (const Function &F : *M)
    if (Error E = checkConstraints(F))
      return damagedLibrary(path(), "'" + F.getName() +
                                        "' has inline assembly that is not "
                                        "valid: " +
                                        toString(std::move(E)));
  return Error::success();
}
