//===- Diagnostics.cpp - Errors and how a host shows them -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Diagnostics.h"
#include "llvm/IR/LLVMContext.h"
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

Error inline_helpers::makeError(DiagnosticCode Code, const Twine &Message,
                                const Twine &Help) {
  return make_error<HelperError>(Code, Message.str(), Help.str());
}

void inline_helpers::report(LLVMContext &Context, DiagnosticSeverity Severity,
                            const Twine &Message) {
  // The diagnostic keeps a reference to the Twine.
  std::string Text = ("inline-helpers: " + Message).str();
  DiagnosticInfoInlineAsm Info(/*LocCookie=*/0, Text, Severity);
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

void inline_helpers::reportErrors(LLVMContext &Context, Error E) {
  handleAllErrors(std::move(E), [&](const ErrorInfoBase &Info) {
    report(Context, DS_Error, Info.message());
  });
}
