//===- List.cpp - inline-helpers list -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "passes/Compatibility.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/ModuleName.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/FormattedStream.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

static std::string describe(ModuleNameUse Use) {
  switch (Use) {
  case ModuleNameUse::None:
    return "";
  case ModuleNameUse::Text:
    return "in text";
  case ModuleNameUse::Other:
    return "stays a call";
  }
  llvm_unreachable("no such use");
}

Error inline_helpers::list(StringRef Path) {
  LLVMContext Context;
  Expected<HelperLibrary> Library =
      HelperLibrary::open({Path.str(), ""}, Context);
  if (!Library)
    return Library.takeError();
  std::vector<std::vector<std::string>> Rows = {
      {"HELPER", "INSTRUCTIONS", "SIGNATURE"}};
  std::vector<std::string> Uses = {"MODULE NAME"};
  for (Function &F : Library->module()) {
    if (!isHelper(F))
      continue;
    Expected<HelperClosure> Closure = materializeClosure(*Library, F);
    if (!Closure)
      return Closure.takeError();
    std::string Signature;
    raw_string_ostream OS(Signature);
    F.getFunctionType()->print(OS);
    Rows.push_back(
        {F.getName().str(), std::to_string(F.getInstructionCount()), OS.str()});
    Uses.push_back(describe(findModuleNameUse(*Closure)));
  }
  // Libraries that are not for a kernel have no such column.
  if (any_of(drop_begin(Uses), [](StringRef Use) { return !Use.empty(); }))
    for (auto [Row, Use] : zip_equal(Rows, Uses))
      Row.push_back(Use);
  printTable(outs(), Rows, /*Numbers=*/{1});
  return Error::success();
}

void inline_helpers::printTable(raw_ostream &Stream,
                                ArrayRef<std::vector<std::string>> Rows,
                                ArrayRef<size_t> Numbers) {
  std::vector<size_t> Widths(Rows.front().size());
  for (const std::vector<std::string> &Row : Rows)
    for (auto [Width, Cell] : zip_equal(Widths, Row))
      Width = std::max(Width, Cell.size());
  formatted_raw_ostream OS(Stream);
  for (const std::vector<std::string> &Row : Rows) {
    size_t Column = 0;
    for (const auto &[I, Cell] : enumerate(Row)) {
      size_t Start =
          Column + (is_contained(Numbers, I) ? Widths[I] - Cell.size() : 0);
      // The last cells of a row can be empty; PadToColumn adds a space at
      // least.
      if (!Cell.empty() && Start > OS.getColumn())
        OS.PadToColumn(Start);
      OS << Cell;
      Column += Widths[I] + 2;
    }
    OS << '\n';
  }
}
