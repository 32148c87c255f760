//===- ReportFuzzer.cpp ---------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports from any bytes: what is read is written and read as the same.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"
#include "passes/Report.h"
#include <string>

using namespace llvm;
using namespace inline_helpers;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Expected<Report> Read = parseReport(asText(Data, Size), "report.json");
  if (!Read) {
    requireCure(Read.takeError());
    return 0;
  }
  std::string Written = formatReport(*Read);
  Expected<Report> Again = parseReport(Written, "written.json");
  require(bool(Again), "what was written is refused");
  require(formatReport(*Again) == Written, "what was written is read as else");
  return 0;
}
