//===- Report.h - What became of each helper, as a file ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes an ImportRecord to the folder of `report=DIR`, as JSON, and reads it
/// back. docs/report.md describes the format.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_REPORT_H
#define INLINE_HELPERS_PASSES_REPORT_H

#include "passes/ImportRecord.h"
#include "llvm/Support/Error.h"

namespace llvm::json {
class OStream;
} // namespace llvm::json

namespace inline_helpers {

/// The version of the format. A change that a reader of the version before
/// would misunderstand takes a new one; a member that it may ignore does not.
inline constexpr int ReportVersion = 1;

/// One file: a record, and where it comes from.
struct Report {
  ImportRecord Record;
  std::string Crate;     ///< See getCrateName.
  std::string Directory; ///< The compiler's; relative paths start there.
};

/// Returns the name of the crate that a module is a unit of.
///
/// rustc calls a unit "crate.disambiguator-cgu.N" (rustc_middle, mir/mono.rs,
/// build_cgu_name_no_mangle), and with -C incremental by a hash alone. Then
/// it is the name that cargo has put into the environment (CARGO_CRATE_NAME);
/// without cargo, and for modules of other hosts, it is \p Module.
std::string getCrateName(llvm::StringRef Module);

/// Returns "imported" (no call of the symbol remains), "partly" or "left".
llvm::StringRef getStatus(const HelperRecord &Helper);

/// Writes the members "left" and "warnings" of \p Helper to the object that is
/// open in \p J.
void writeLeft(llvm::json::OStream &J, const HelperRecord &Helper);

/// Returns \p R as JSON. Bytes that are not UTF-8 become U+FFFD.
std::string formatReport(const Report &R);

/// Reads a report from any bytes.
///
/// \param Path names the file in an error.
/// \returns the report, or an error: not JSON, not a report, of a newer
///          version.
llvm::Expected<Report> parseReport(llvm::StringRef JSON, llvm::StringRef Path);

/// Writes \p Record to a file of its own in \p Directory, which is made if
/// there is none. Any number of threads and processes may do so at a time; the
/// same module, compiled again in the same place, replaces its file.
///
/// \returns an error that names the file or folder that cannot be written.
llvm::Error writeReport(llvm::StringRef Directory, const ImportRecord &Record);

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_REPORT_H
