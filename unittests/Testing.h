//===- Testing.h - What several unit tests need -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_UNITTESTS_TESTING_H
#define INLINE_HELPERS_UNITTESTS_TESTING_H

#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

namespace inline_helpers {

/// Unwraps what a test cannot go on without, and ends the program on an error.
/// LLVM's cantFail takes an error for impossible where NDEBUG is defined.
inline const llvm::ExitOnError OrExit("error in a test: ");

/// Parses \p IR; the test fails where it is not valid.
inline std::unique_ptr<llvm::Module> parseIR(llvm::LLVMContext &Context,
                                             llvm::StringRef IR) {
  llvm::SMDiagnostic Diagnostic;
  std::unique_ptr<llvm::Module> M =
      llvm::parseAssemblyString(IR, Diagnostic, Context);
  if (!M) {
    ADD_FAILURE() << Diagnostic.getLineNo() << ": "
                  << Diagnostic.getMessage().str();
    return std::make_unique<llvm::Module>("broken", Context);
  }
  return M;
}

/// Returns the text of \p M.
inline std::string print(const llvm::Module &M) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  M.print(OS, nullptr);
  return OS.str();
}

/// Returns \p M as bitcode.
inline std::string writeBitcode(const llvm::Module &M) {
  std::string Bitcode;
  llvm::raw_string_ostream OS(Bitcode);
  llvm::WriteBitcodeToFile(M, OS);
  return OS.str();
}

/// Returns \p IR as bitcode.
inline std::string assemble(llvm::StringRef IR) {
  llvm::LLVMContext Context;
  return writeBitcode(*parseIR(Context, IR));
}

/// A file that lives as long as its object.
class TemporaryFile {
public:
  explicit TemporaryFile(llvm::StringRef Content) {
    int FD;
    if (llvm::sys::fs::createTemporaryFile("inline-helpers", "bc", FD, Path)) {
      ADD_FAILURE() << "no temporary file can be made";
      return;
    }
    Remover.setFile(Path);
    llvm::raw_fd_ostream OS(FD, /*shouldClose=*/true);
    OS << Content;
  }

  std::string path() const { return Path.str().str(); }

private:
  llvm::SmallString<128> Path;
  llvm::FileRemover Remover;
};

/// Opens \p File, which the test cannot go on without, as a library.
inline HelperLibrary openLibrary(const TemporaryFile &File,
                                 llvm::LLVMContext &Context) {
  return OrExit(HelperLibrary::parse(
      LibraryFile(OrExit(readLibraryFile(File.path()))), Context));
}

/// Returns the code of \p E, and puts its text into \p Text.
inline DiagnosticCode take(llvm::Error E, std::string &Text) {
  DiagnosticCode Code = DiagnosticCode::BadOption;
  EXPECT_TRUE(E.isA<HelperError>());
  llvm::handleAllErrors(std::move(E), [&](const HelperError &H) {
    Code = H.code();
    Text = H.message();
  });
  return Code;
}

inline DiagnosticCode take(llvm::Error E) {
  std::string Text;
  return take(std::move(E), Text);
}

} // namespace inline_helpers

#endif // INLINE_HELPERS_UNITTESTS_TESTING_H
