//===- Explain.cpp - inline-helpers explain -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Explain.h"
#include "Commands.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

std::vector<Reason> inline_helpers::getReasons() {
  std::vector<Reason> Reasons = {
#define REASON(Enumerator, ...) Reason{__VA_ARGS__},
#include "passes/Reasons.def"
  };
  llvm::sort(Reasons,
             [](const Reason &A, const Reason &B) { return A.Name < B.Name; });
  return Reasons;
}

static void printList(ArrayRef<Reason> Reasons) {
  std::vector<std::vector<std::string>> Rows = {
      {"REASON", "THE HELPER STAYS A CALL:"}};
  for (const Reason &R : Reasons)
    Rows.push_back({R.Name.str(), R.Sentence.str()});
  printTable(outs(), Rows);
  outs() << "\n'inline-helpers explain REASON' tells more of one.\n";
}

static void printReason(const Reason &R) {
  raw_ostream &OS = outs();
  OS << R.Name << ": the helper stays a call: " << R.Sentence << ".\n";
  if (!R.Explanation.empty())
    OS << '\n' << R.Explanation << '\n';
  if (!R.Example.empty()) {
    OS << "\nExample:\n\n";
    for (StringRef Line : split(R.Example, '\n'))
      OS << (Line.empty() ? "" : "    ") << Line << '\n';
  }
  if (!R.Cure.empty())
    OS << "\nWhat to do:\n\n" << R.Cure << '\n';
}

static void printMarkdown(ArrayRef<Reason> Reasons) {
  raw_ostream &OS = outs();
  OS << R"(<!-- Made by 'inline-helpers explain --format=markdown' from passes/Reasons.def; a test compares them. -->

# Why a helper stays a call

Inlining must not change what a program does. Where that is not known, the call
stays, and the program is linked with the helper's native code as before. With
`leftover=warn` or `error`, rustc names the helper and one of these reasons, and
so does `inline-helpers report`:

| reason | the helper stays a call: |
|---|---|
)";
  for (const Reason &R : Reasons)
    OS << "| [`" << R.Name << "`](#" << R.Name << ") | " << R.Sentence
       << " |\n";
  for (const Reason &R : Reasons) {
    OS << "\n## " << R.Name << "\n\nThe helper stays a call: " << R.Sentence
       << ".\n";
    if (!R.Explanation.empty())
      OS << '\n' << R.Explanation << '\n';
    if (!R.Example.empty())
      OS << "\n```c\n" << R.Example << "\n```\n";
    if (!R.Cure.empty())
      OS << "\n**What to do.** " << R.Cure << '\n';
  }
}

/// The error for a name that no reason has.
static Error notAReason(StringRef Name, ArrayRef<Reason> Reasons) {
  std::vector<StringRef> Names;
  StringRef Nearest;
  // A third of the name may be mistyped, else the nearest is none.
  unsigned Distance = Name.size() / 3 + 1;
  for (const Reason &R : Reasons) {
    Names.push_back(R.Name);
    unsigned D = Name.edit_distance(R.Name, /*AllowReplacements=*/true,
                                    /*MaxEditDistance=*/Distance);
    if (D < Distance) {
      Distance = D;
      Nearest = R.Name;
    }
  }
  return makeError(
      DiagnosticCode::BadOption, "there is no reason '" + Name + "'",
      (Nearest.empty() ? "the" : "did you mean '" + Nearest.str() + "'? The") +
          " reasons are " + join(Names, ", "));
}

Error inline_helpers::explain(StringRef Name, StringRef Format) {
  std::vector<Reason> Reasons = getReasons();
  if (Format == "markdown") {
    printMarkdown(Reasons);
    return Error::success();
  }
  if (Name.empty()) {
    printList(Reasons);
    return Error::success();
  }
  auto Found =
      find_if(Reasons, [&](const Reason &R) { return R.Name == Name; });
  if (Found == Reasons.end())
    return notAReason(Name, Reasons);
  printReason(*Found);
  return Error::success();
}
