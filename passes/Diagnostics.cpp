//===- Diagnostics.cpp - Errors and how a host shows them -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instruction.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace llvm;
using namespace inline_helpers;

char HelperError::ID = 0;

void HelperError::log(raw_ostream &OS) const {
  OS << Message;
  if (!Help.empty())
    OS << "; help: " << Help;
}

std::error_code HelperError::convertToErrorCode() const {
  return inconvertibleErrorCode();
}

/// Returns \p Text in one line of valid UTF-8.
static std::string makeOneLine(StringRef Text) {
  std::string Result = json::fixUTF8(Text.rtrim());
  for (char &C : Result)
    if (static_cast<unsigned char>(C) < ' ' || C == '\x7f')
      C = ' ';
  return Result;
}

Error inline_helpers::makeError(DiagnosticCode Code, const Twine &Message,
                                const Twine &Help) {
  return make_error<HelperError>(Code, makeOneLine(Message.str()), Help.str());
}

void inline_helpers::report(LLVMContext &Context, DiagnosticSeverity Severity,
                            const Twine &Message) {
  std::string Text = ("inline-helpers: " + Message).str();
  // The diagnostic keeps a reference to the Twine.
  const Twine TextAsTwine(Text);
  DiagnosticInfoInlineAsm Info(/*LocCookie=*/0, TextAsTwine, Severity);
  if (Severity != DS_Error)
    return Context.diagnose(Info);
  // Where the host has no handler LLVM calls exit(). rustc has none in LTO, and
  // the destructors that exit() runs crash its other threads at times.
  auto *Handler = const_cast<DiagnosticHandler *>(Context.getDiagHandlerPtr());
  Handler->HasErrors = true;
  if (Handler->handleDiagnostics(Info))
    return;
  errs() << "error: " << Text << '\n';
  std::_Exit(EXIT_FAILURE);
}

std::string inline_helpers::getDisplayName(StringRef Symbol) {
  std::string Name = demangle(Symbol);
  size_t Hash = Name.rfind("::h");
  if (Name != Symbol && Hash != std::string::npos && Name.size() - Hash == 19 &&
      all_of(StringRef(Name).substr(Hash + 3), isHexDigit))
    Name.resize(Hash);
  return Name;
}

std::string inline_helpers::getLocation(const Instruction &I) {
  const DILocation *Location = I.getDebugLoc().get();
  if (!Location || Location->getLine() == 0)
    return "";
  return (Location->getFilename() + ":" + Twine(Location->getLine()) + ":" +
          Twine(Location->getColumn()))
      .str();
}

void inline_helpers::reportErrors(LLVMContext &Context, Error E) {
  handleAllErrors(std::move(E), [&](const ErrorInfoBase &Info) {
    report(Context, DS_Error, Info.message());
  });
}
