//===- OptionsFuzzer.cpp --------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parameters from any bytes. An input is a text a line: the first is the value
// of INLINE_HELPERS if it is not empty, the others are passes of a pipeline.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"
#include "passes/Options.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

using namespace llvm;
using namespace inline_helpers;

/// A path survives the way through a parameter.
static void checkEncoding(StringRef Path) {
  if (Path.empty() || Path.contains('\0'))
    return;
  std::string Encoded = percentEncode(Path);
  require(StringRef(Encoded).find_first_of(";<>,() \t\n\v\f\r") ==
              StringRef::npos,
          "percentEncode leaves a separator");
  Expected<Options> Parsed = parseOptions("library=" + Encoded, "test");
  require(bool(Parsed), "an encoded path is refused");
  require(Parsed->Libraries.size() == 1 && Parsed->Libraries[0].Path == Path,
          "an encoded path becomes another");
}

/// What a text gave is what its parts, written anew, give.
static void checkAgain(const Options &Given) {
  std::string Text;
  for (const LibraryOption &Library : Given.Libraries) {
    Text +=
        (Text.empty() ? "library=" : ";library=") + percentEncode(Library.Path);
    if (!Library.SHA256.empty())
      Text += ";sha256=" + Library.SHA256;
  }
  Expected<Options> Again = parseOptions(Text, "test");
  require(bool(Again), "what was parsed is refused when written anew");
  require(Again->Libraries == Given.Libraries, "libraries change");
}

static void checkParsing(StringRef Text) {
  Expected<Options> Parsed = parseOptions(Text, "test");
  if (!Parsed)
    return requireCure(Parsed.takeError());
  checkAgain(*Parsed);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  SmallVector<StringRef, 8> Lines;
  asText(Data, Size).split(Lines, '\n');
  std::optional<StringRef> Environment;
  if (!Lines[0].empty())
    Environment = Lines[0];
  std::vector<std::string> Passes;
  for (StringRef Line : Lines) {
    checkEncoding(Line);
    checkParsing(Line);
    if (std::optional<StringRef> Text = getPassParameters(Line))
      Passes.push_back(Text->str());
  }
  Expected<Options> Resolved = resolveOptions(Passes, Environment);
  if (!Resolved)
    requireCure(Resolved.takeError());
  else
    checkAgain(*Resolved);
  return 0;
}
