//===- HelperLibraryTest.cpp ----------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/HelperLibrary.h"
#include "Testing.h"
#include "passes/Seal.h"
#include "passes/WholeFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Process.h"
#include <fcntl.h>
#include <unistd.h>

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral TwoHelpers = R"(
  define i32 @one(i32 %x) {
    ret i32 %x
  }

  define i32 @two(i32 %x) {
    %r = call i32 @local(i32 %x)
    ret i32 %r
  }

  define internal i32 @local(i32 %x) {
    ret i32 7
  }
)";

TEST(HelperLibrary, DigestOfKnownContent) {
  // FIPS 180-4, the examples of NIST.
  EXPECT_EQ(getDigest(""), "e3b0c44298fc1c149afbf4c8996fb924"
                           "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(getDigest("abc"), "ba7816bf8f01cfea414140de5dae2223"
                              "b00361a396177a9cb410ff61f20015ad");
}

TEST(HelperLibrary, ProducerIsThisLLVM) {
  std::string Bitcode = assemble(TwoHelpers);
  Producer Found = OrExit(readProducer(MemoryBufferRef(Bitcode, "mine.bc")));
  EXPECT_EQ(Found.Major, unsigned(LLVM_VERSION_MAJOR));
  EXPECT_TRUE(StringRef(Found.Text).starts_with("LLVM")) << Found.Text;
}

TEST(HelperLibrary, HostIsThisLLVM) {
  EXPECT_EQ(getHostProducer().Major, unsigned(LLVM_VERSION_MAJOR));
  EXPECT_TRUE(StringRef(getHostProducer().Text)
                  .starts_with("LLVM" + utostr(LLVM_VERSION_MAJOR) + "."))
      << getHostProducer().Text;
}

TEST(HelperLibrary, ProducerTexts) {
  struct {
    StringRef Text;
    unsigned Major;
    bool IsSnapshot;
  } Cases[] = {{"LLVM22.1.8", 22, false},
               {"LLVM22.1.4-rust-1.97.0-nightly", 22, false},
               {"LLVM19.1.7-rust-1.85.0-stable", 19, false},
               {"LLVM14.0.0", 14, false},
               {"LLVM17.0.6", 17, false},
               {"LLVM22.0.0git", 22, true},
               {"LLVM23.0.0-rust-1.99.0-nightly", 23, true},
               {"LLVM18.0.0", 18, true},
               {"LLVM14.0.0git", 14, true},
               {"LLVM22.1.0-rc1", 22, true},
               {"LLVM17.0.0rc2", 17, true},
               {"LLVM9.0.0svn", 9, true},
               {"LLVM22.1.8-vendor", 22, false},
               {"LLVM99", 99, false},
               {"APPLE_1_1500.3.9.4_0", 0, false},
               {"LLVM", 0, false},
               {"", 0, false}};
  for (const auto &Case : Cases) {
    Producer Found = parseProducer(Case.Text);
    EXPECT_EQ(Found.Text, Case.Text);
    EXPECT_EQ(Found.Major, Case.Major) << Found.Text;
    EXPECT_EQ(Found.IsSnapshot, Case.IsSnapshot) << Found.Text;
  }
}

static Error checkTexts(StringRef From, StringRef Host) {
  return checkProducer("mine.bc", parseProducer(From), parseProducer(Host));
}

TEST(HelperLibrary, NewerProducerIsRefusedByBothVersions) {
  EXPECT_FALSE(errorToBool(checkTexts("LLVM19.1.7", "LLVM19.1.2")));
  EXPECT_FALSE(errorToBool(checkTexts("LLVM19.1.7", "LLVM20.1.0")));
  std::string Text;
  EXPECT_EQ(take(checkTexts("LLVM19.1.7", "LLVM17.0.6"), Text),
            DiagnosticCode::NewerProducer);
  EXPECT_NE(Text.find("'mine.bc' was produced by LLVM19.1.7,"),
            std::string::npos)
      << Text;
  EXPECT_NE(Text.find("this compiler has LLVM 17"), std::string::npos) << Text;
}

TEST(HelperLibrary, SnapshotReadsItselfAndOlderReleases) {
  for (StringRef From :
       {"LLVM22.0.0git", "LLVM21.1.8", "LLVM21.1.0-rust-1.93.0", "LLVM14.0.0"})
    EXPECT_FALSE(errorToBool(checkTexts(From, "LLVM22.0.0git"))) << From.str();
  for (StringRef From : {"LLVM22.1.8", "LLVM22.1.0-rc1", "LLVM21.0.0git",
                         "LLVM22.0.0-rust-1.97.0-nightly"}) {
    std::string Text;
    EXPECT_EQ(take(checkTexts(From, "LLVM22.0.0git"), Text),
              DiagnosticCode::Snapshot);
    EXPECT_NE(Text.find(("produced by " + From + ",").str()), std::string::npos)
        << Text;
    EXPECT_NE(Text.find("this compiler has LLVM 22.0.0git"), std::string::npos)
        << Text;
    EXPECT_NE(Text.find("version 21 or older"), Text.find("clang 21 or older"))
        << Text;
  }
}

TEST(HelperLibrary, SnapshotIsReadByNoRelease) {
  for (StringRef From : {"LLVM22.0.0git", "LLVM22.1.0-rc1", "LLVM20.0.0git"}) {
    std::string Text;
    EXPECT_EQ(take(checkTexts(From, "LLVM22.1.8"), Text),
              DiagnosticCode::Snapshot);
    EXPECT_EQ(Text, ("library 'mine.bc' was produced by " + From +
                     ", a development snapshot whose bitcode no other LLVM is "
                     "known to read, and this compiler has LLVM 22.1.8; help: "
                     "compile the helpers with a release of clang, version 22 "
                     "or older")
                        .str());
  }
}

TEST(HelperLibrary, NotBitcode) {
  for (StringRef Content : {StringRef(""), StringRef("BC"), StringRef("text\n"),
                            StringRef("!<arch>\n"),
                            StringRef("\x7f"
                                      "ELF")})
    EXPECT_EQ(take(readProducer(MemoryBufferRef(Content, "x")).takeError()),
              DiagnosticCode::NotBitcode)
        << Content.str();
}

TEST(HelperLibrary, TruncationIsAnErrorWhereNothingIsSealed) {
  LLVMContext Context;
  std::string Bitcode = assemble(TwoHelpers);
  for (size_t Size = 0; Size < Bitcode.size(); Size += Bitcode.size() / 16) {
    TemporaryFile File(StringRef(Bitcode).take_front(Size));
    std::string Text;
    DiagnosticCode Code =
        take(HelperLibrary::open({File.path(), ""}, Context).takeError(), Text);
    EXPECT_EQ(Code,
              Size < 4 ? DiagnosticCode::NotBitcode : DiagnosticCode::Damaged)
        << Text;
    EXPECT_NE(Text.find(File.path()), std::string::npos) << Text;
  }
}

TEST(HelperLibrary, SealedIsReadWithoutAnotherProcess) {
  LLVMContext Context;
  // What the verifier would refuse tells whether it was asked.
  std::unique_ptr<Module> M = parseIR(Context, TwoHelpers);
  M->getFunction("one")->getEntryBlock().getTerminator()->eraseFromParent();
  std::string Bitcode = writeBitcode(*M);
  TemporaryFile Bare(Bitcode), Sealed(seal(Bitcode));
  EXPECT_EQ(take(HelperLibrary::open({Bare.path(), ""}, Context).takeError()),
            DiagnosticCode::Damaged);
  EXPECT_FALSE(errorToBool(
      HelperLibrary::open({Sealed.path(), ""}, Context).takeError()));
  // A digest tells that it is the file that was meant, and no more.
  EXPECT_EQ(take(HelperLibrary::open({Bare.path(), getDigest(Bitcode)}, Context)
                     .takeError()),
            DiagnosticCode::Damaged);
}

TEST(HelperLibrary, BareIsReadAsItWasWrittenAnew) {
  std::string Bitcode = assemble(TwoHelpers);
  TemporaryFile Bare(Bitcode), Sealed(seal(Bitcode));
  LibraryFile File = OrExit(readLibrary({Bare.path(), ""}));
  EXPECT_EQ(File.Content->getBuffer(), Bitcode);
  EXPECT_EQ(checkSeal(File.Bitcode.getBuffer()), SealState::Intact);
  EXPECT_EQ(File.Bitcode.getBufferIdentifier(), Bare.path());
  LibraryFile Other = OrExit(readLibrary({Sealed.path(), ""}));
  EXPECT_EQ(Other.Bitcode.getBufferStart(), Other.Content->getBufferStart());
  LLVMContext Context;
  EXPECT_EQ(OrExit(HelperLibrary::open({Bare.path(), ""}, Context)).digest(),
            getDigest(Bitcode));
}

TEST(LibraryFiles, EachIsReadOnce) {
  std::string Bitcode = assemble(TwoHelpers);
  TemporaryFile Bare(Bitcode), Sealed(seal(Bitcode)), Damaged("text");
  LibraryFiles Files;
  for (const std::string &Path : {Bare.path(), Sealed.path()}) {
    auto First = OrExit(Files.get({Path, ""}));
    OrExit(writeWholeFile(Path, "text"));
    EXPECT_EQ(OrExit(Files.get({Path, ""})), First);
  }
  EXPECT_EQ(take(Files.get({Damaged.path(), ""}).takeError()),
            DiagnosticCode::NotBitcode);
  OrExit(writeWholeFile(Damaged.path(), seal(Bitcode)));
  EXPECT_EQ(take(Files.get({Damaged.path(), ""}).takeError()),
            DiagnosticCode::NotBitcode);
  // With another digest it is another library.
  OrExit(Files.get({Damaged.path(), getDigest(seal(Bitcode))}));
}

/// Returns true if the page of \p Address is in this process' memory
/// (Documentation/admin-guide/mm/pagemap.rst).
static bool isPresent(const char *Address) {
  uint64_t Entry = 0;
  int FD = ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(::pread(FD, &Entry, sizeof(Entry),
                    uintptr_t(Address) / sys::Process::getPageSizeEstimate() *
                        sizeof(Entry)),
            ssize_t(sizeof(Entry)));
  ::close(FD);
  return Entry >> 63;
}

/// Returns an archive of one module, which defines @one, large enough to be
/// mapped.
static std::string makeArchive() {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, "declare i32 @one(i32)");
  setPackedFacts(*M, {"digest", ""});
  std::string Index = seal(writeBitcode(*M));
  std::string Member = seal(assemble("define i32 @one(i32 %x) { ret i32 %x }"));
  std::string Large(1 << 20, 'x');
  auto Make = [&](uint32_t Offset) {
    std::string Places =
        writePlaces({{"one", Offset, uint32_t(Member.size())}});
    std::vector<NewArchiveMember> Members;
    for (auto [Name, Content] :
         {std::pair<StringRef, StringRef>{PackedIndexName, Index},
          {PackedPlacesName, Places},
          {"other.bc", Large},
          {"module.bc", Member}})
      Members.emplace_back(MemoryBufferRef(Content, Name));
    return OrExit(writeArchiveToBuffer(Members, SymtabWritingMode::NoSymtab,
                                       object::Archive::K_GNU,
                                       /*Deterministic=*/true, /*Thin=*/false))
        ->getBuffer()
        .str();
  };
  return Make(Make(0).find(Member));
}

TEST(HelperLibrary, AnArchiveDoesNotStayInMemory) {
  TemporaryFile Archive(makeArchive());
  LibraryFiles Files;
  StringRef Content =
      OrExit(Files.get({Archive.path(), ""}))->Content->getBuffer();
  // Each codegen unit reads it.
  for (unsigned Unit = 0; Unit != 2; ++Unit) {
    LLVMContext Context;
    HelperLibrary Library = OrExit(HelperLibrary::open(
        {Archive.path(), ""}, Context, Files, ArrayRef<StringRef>{"one"}));
    EXPECT_FALSE(Library.module().getFunction("one")->isDeclaration());
    EXPECT_FALSE(isPresent(Content.begin()));
    EXPECT_FALSE(isPresent(Content.end() - 1));
  }
}

TEST(HelperLibrary, BrokenSeal) {
  LLVMContext Context;
  std::string Content = seal(assemble(TwoHelpers));
  Content.back() ^= 1;
  TemporaryFile File(Content);
  std::string Text;
  // With a digest too: it may be that of the damaged file.
  for (const std::string &Digest : {std::string(), getDigest(Content)}) {
    EXPECT_EQ(
        take(HelperLibrary::open({File.path(), Digest}, Context).takeError(),
             Text),
        DiagnosticCode::Damaged);
    EXPECT_EQ(Text, "library '" + File.path() +
                        "' is damaged: it is not what 'inline-helpers compile' "
                        "wrote; help: make the library with 'inline-helpers "
                        "compile'");
  }
}

TEST(HelperLibrary, AnotherContentIsLookedAtAgain) {
  LLVMContext Context;
  std::string Good = assemble(TwoHelpers);
  TemporaryFile File(Good);
  EXPECT_FALSE(
      errorToBool(HelperLibrary::open({File.path(), ""}, Context).takeError()));
  OrExit(writeWholeFile(File.path(), StringRef(Good).drop_back(100)));
  EXPECT_EQ(take(HelperLibrary::open({File.path(), ""}, Context).takeError()),
            DiagnosticCode::Damaged);
}

TEST(HelperLibrary, UnreadableFiles) {
  std::string Text;
  EXPECT_EQ(take(readLibraryFile("/no/such/file.bc").takeError(), Text),
            DiagnosticCode::Unreadable);
  EXPECT_EQ(Text, "cannot read library '/no/such/file.bc': No such file or "
                  "directory; help: make the library with 'inline-helpers "
                  "compile'");
  EXPECT_EQ(take(readLibraryFile("/").takeError(), Text),
            DiagnosticCode::Unreadable);
  for (StringRef Path : {"/dev/null", "/dev/zero"})
    EXPECT_EQ(take(readLibraryFile(Path).takeError(), Text),
              DiagnosticCode::Unreadable);
  EXPECT_EQ(Text, "cannot read library '/dev/zero': it is not a regular file; "
                  "help: make the library with 'inline-helpers compile'");
  TemporaryFile File("x");
  EXPECT_EQ(take(readLibraryFile(File.path() + "/x.bc").takeError(), Text),
            DiagnosticCode::Unreadable);
  EXPECT_NE(Text.find("Not a directory"), std::string::npos) << Text;
}

TEST(HelperLibrary, LinkToItself) {
  TemporaryFile File("x");
  ASSERT_EQ(unlink(File.path().c_str()), 0);
  ASSERT_EQ(symlink(File.path().c_str(), File.path().c_str()), 0);
  std::string Text;
  EXPECT_EQ(take(readLibraryFile(File.path()).takeError(), Text),
            DiagnosticCode::Unreadable);
  EXPECT_NE(Text.find("symbolic links"), std::string::npos) << Text;
}

TEST(HelperLibrary, FileOfHoles) {
  TemporaryFile File("x");
  ASSERT_EQ(truncate(File.path().c_str(), MaxFileSize + 1), 0);
  std::string Text;
  EXPECT_EQ(take(readLibraryFile(File.path()).takeError(), Text),
            DiagnosticCode::Unreadable);
  EXPECT_NE(Text.find("larger than 1 GiB"), std::string::npos) << Text;
}

TEST(HelperLibrary, OpeningReadsNoBody) {
  LLVMContext Context;
  TemporaryFile File(assemble(TwoHelpers));
  HelperLibrary Library = openLibrary(File, Context);
  EXPECT_EQ(Library.path(), File.path());
  unsigned Definitions = 0;
  for (const Function &F : Library.module()) {
    EXPECT_TRUE(F.isMaterializable()) << F.getName().str();
    EXPECT_TRUE(F.empty()) << F.getName().str();
    ++Definitions;
  }
  EXPECT_EQ(Definitions, 3u);
}

TEST(HelperLibrary, MaterializeReadsOneBody) {
  LLVMContext Context;
  TemporaryFile File(assemble(TwoHelpers));
  HelperLibrary Library = openLibrary(File, Context);
  Module &M = Library.module();
  EXPECT_FALSE(errorToBool(Library.materialize(*M.getFunction("one"))));
  EXPECT_FALSE(M.getFunction("one")->empty());
  EXPECT_TRUE(M.getFunction("two")->empty());
  EXPECT_TRUE(M.getFunction("local")->empty());
}

TEST(HelperLibrary, ConstraintsOfInlineAssembly) {
  LLVMContext Context;
  std::unique_ptr<Module> M = parseIR(Context, R"(
    define i32 @helper(i32 %x) {
      %r = call i32 asm "incl $0", "=r,0"(i32 %x)
      ret i32 %r
    }
  )");
  TemporaryFile Right(writeBitcode(*M));
  OrExit(openLibrary(Right, Context).verify());
  // The writer, the reader and the verifier do not look.
  auto &Call = cast<CallBase>(*inst_begin(M->getFunction("helper")));
  Call.setCalledOperand(InlineAsm::get(Call.getFunctionType(), "incl $0",
                                       "=r,0,~{memory|",
                                       /*hasSideEffects=*/false));
  TemporaryFile Wrong(writeBitcode(*M));
  std::string Text;
  EXPECT_EQ(take(openLibrary(Wrong, Context).verify(), Text),
            DiagnosticCode::Damaged);
  EXPECT_NE(Text.find("'helper' has inline assembly that is not valid: "),
            std::string::npos)
      << Text;
}

TEST(HelperLibrary, Digest) {
  LLVMContext Context;
  std::string Bitcode = assemble(TwoHelpers);
  TemporaryFile File(Bitcode);
  Expected<HelperLibrary> Right =
      HelperLibrary::open({File.path(), getDigest(Bitcode)}, Context);
  EXPECT_FALSE(errorToBool(Right.takeError()));
  std::string Text;
  EXPECT_EQ(
      take(HelperLibrary::open({File.path(), std::string(64, '0')}, Context)
               .takeError(),
           Text),
      DiagnosticCode::WrongDigest);
  EXPECT_NE(Text.find(getDigest(Bitcode)), std::string::npos) << Text;
  EXPECT_NE(Text.find(std::string(64, '0')), std::string::npos) << Text;
}

TEST(HelperLibrary, DigestComesBeforeTheContent) {
  LLVMContext Context;
  TemporaryFile File("text");
  EXPECT_EQ(
      take(HelperLibrary::open({File.path(), std::string(64, '0')}, Context)
               .takeError()),
      DiagnosticCode::WrongDigest);
}

TEST(HelperLibrary, Instrumented) {
  LLVMContext Context;
  for (StringRef Sign :
       {"declare void @__asan_load4(i64)", "declare void @__tsan_func_entry()",
        "declare void @__sanitizer_cov_trace_pc()",
        "@__profc_helper = private global i64 0",
        "!llvm.module.flags = !{!0}\n"
        "!0 = !{i32 4, !\"nosanitize_address\", i32 1}"}) {
    TemporaryFile File(assemble(Sign));
    EXPECT_EQ(take(HelperLibrary::open({File.path(), ""}, Context).takeError()),
              DiagnosticCode::Instrumented)
        << Sign.str();
  }
}

static DiagnosticCode targetError(StringRef Ours, StringRef Theirs,
                                  std::string &Text) {
  LLVMContext Context;
  TemporaryFile File(assemble(Ours));
  HelperLibrary Library = openLibrary(File, Context);
  Error E = Library.checkTarget(*parseIR(Context, Theirs));
  if (E)
    return take(std::move(E), Text);
  Text = "";
  return DiagnosticCode::BadOption;
}

TEST(HelperLibrary, Target) {
  std::string Text;
  targetError("target triple = \"aarch64-linux-gnu\"",
              "target triple = \"aarch64-unknown-none\"", Text);
  EXPECT_EQ(Text, "");
  EXPECT_EQ(targetError("target triple = \"aarch64-linux-gnu\"",
                        "target triple = \"x86_64-unknown-none\"", Text),
            DiagnosticCode::OtherTarget);
  EXPECT_NE(Text.find("aarch64-linux-gnu"), std::string::npos) << Text;
  EXPECT_NE(Text.find("x86_64-unknown-none"), std::string::npos) << Text;
  EXPECT_EQ(targetError("target datalayout = \"e-p:32:32\"",
                        "target datalayout = \"e-p:64:64\"", Text),
            DiagnosticCode::OtherTarget);
  EXPECT_NE(Text.find("data layout"), std::string::npos) << Text;
}
