//===- Diagnostics.h - Errors and how a host shows them ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Every error of the passes: its code, its text and its cure. Inside, errors
/// travel as llvm::Error; here alone they become diagnostics of the host.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_DIAGNOSTICS_H
#define INLINE_HELPERS_PASSES_DIAGNOSTICS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/Support/Error.h"
#include <string>

namespace llvm {
class Instruction;
class LLVMContext;
} // namespace llvm

namespace inline_helpers {

/// What kind of failure an error is.
enum class DiagnosticCode {
  BadOption,     ///< A parameter is unknown, repeated, empty or contradicted.
  Unreadable,    ///< No such file, no permission, not a regular file.
  NotBitcode,    ///< The file is something else than LLVM bitcode.
  Damaged,       ///< LLVM's reader or verifier refuses the bitcode.
  NewerProducer, ///< Written by a newer LLVM than the host's.
  OtherTarget,   ///< For another architecture or data layout.
  WrongDigest,   ///< Not the content that sha256= names.
  Instrumented,  ///< A sanitizer or profiler has already run on the bitcode.
  Leftover,      ///< leftover=error, and a wanted helper stays a call.
  BrokenModule,  ///< The verifier refuses what the import left behind.
  BadReport,     ///< A file of report=DIR that cannot be read.
  Unwritable,    ///< A file or folder that cannot be written.
  Snapshot,      ///< Written or to be read by a development snapshot.
  OtherFormat    ///< In the format of another version of inline-helpers.
};

/// An error with its cure.
class HelperError : public llvm::ErrorInfo<HelperError> {
public:
  static char ID;

  HelperError(DiagnosticCode Code, std::string Message, std::string Help)
      : Code(Code), Message(std::move(Message)), Help(std::move(Help)) {}

  DiagnosticCode code() const { return Code; }
  /// What is wrong and where, without a prefix or a full stop.
  llvm::StringRef what() const { return Message; }
  /// The cure; may be empty.
  llvm::StringRef help() const { return Help; }

  /// Prints both in one line: "WHAT; help: CURE".
  void log(llvm::raw_ostream &OS) const override;
  std::error_code convertToErrorCode() const override;

private:
  DiagnosticCode Code;
  std::string Message;
  std::string Help;
};

/// Makes a HelperError. \p Message becomes one line of UTF-8: names of a
/// damaged file and LLVM's texts are not always.
llvm::Error makeError(DiagnosticCode Code, const llvm::Twine &Message,
                      const llvm::Twine &Help);

/// Shows \p Message with \p Severity in \p Context, prefixed by the project's
/// name.
///
/// It is sent as a DiagnosticInfoInlineAsm without location: of LLVM's
/// diagnostics it is the only one that rustc prints as a plain error or
/// warning and that fails the build as an error (rustc drops
/// DiagnosticInfoGeneric without a word; rustc_codegen_llvm, back/write.rs,
/// diagnostic_handler). opt and clang show it as well.
///
/// A context without a handler, as rustc's in LTO, ends the process after an
/// error, status 1: LLVM's own way, exit(), runs destructors that other threads
/// still need.
void report(llvm::LLVMContext &Context, llvm::DiagnosticSeverity Severity,
            const llvm::Twine &Message);

/// Returns \p Symbol as a person writes it: Rust and C++ names demangled,
/// without the hash of Rust's legacy mangling; others as they are.
std::string getDisplayName(llvm::StringRef Symbol);

/// Returns where \p I stands, "file:line:column", or "" if it is not known:
/// line 0 is LLVM's for code that stands nowhere.
std::string getLocation(const llvm::Instruction &I);

/// Shows every error in \p E as an error in \p Context.
void reportErrors(llvm::LLVMContext &Context, llvm::Error E);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_DIAGNOSTICS_H
