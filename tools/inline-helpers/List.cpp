//===- List.cpp - inline-helpers list -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "passes/Compatibility.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/FormattedStream.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

Error inline_helpers::list(StringRef Path) {
  LLVMContext Context;
  Expected<HelperLibrary> Library =
      HelperLibrary::open({Path.str(), ""}, Context);
  if (!Library)
    return Library.takeError();
  std::vector<Function *> Helpers;
  size_t NameWidth = StringRef("HELPER").size();
  for (Function &F : Library->module()) {
    if (!isHelper(F))
      continue;
    if (Error E = Library->materialize(F))
      return E;
    Helpers.push_back(&F);
    NameWidth = std::max(NameWidth, F.getName().size());
  }
  constexpr unsigned CountWidth = 12;
  formatted_raw_ostream OS(outs());
  auto PrintRow = [&](StringRef Name, StringRef Count, auto PrintSignature) {
    OS << Name;
    OS.PadToColumn(NameWidth + 2 + CountWidth - Count.size());
    OS << Count << "  ";
    PrintSignature();
    OS << '\n';
  };
  PrintRow("HELPER", "INSTRUCTIONS", [&] { OS << "SIGNATURE"; });
  for (const Function *F : Helpers)
    PrintRow(F->getName(), std::to_string(F->getInstructionCount()),
             [&] { F->getFunctionType()->print(OS); });
  return Error::success();
}
