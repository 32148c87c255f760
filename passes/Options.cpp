//===- Options.cpp - Parameters of import-helpers -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Options.h"
#include "passes/Diagnostics.h"
#include "passes/ModuleName.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral ValidParameters =
    "valid parameters are library=PATH, sha256=HEX, debug-info=strip|lines, "
    "leftover=allow|warn|error, modname=NAME and report=DIR";

static Error optionError(StringRef Source, const Twine &What) {
  return makeError(DiagnosticCode::BadOption, Source + ": " + What,
                   ValidParameters);
}

static Expected<std::string> percentDecode(StringRef Value, StringRef Source) {
  std::string Decoded;
  while (!Value.empty()) {
    if (!Value.consume_front("%")) {
      Decoded += Value.front();
      Value = Value.drop_front();
      continue;
    }
    uint8_t Byte;
    if (Value.size() < 2 || !tryGetHexFromNibbles(Value[0], Value[1], Byte) ||
        Byte == 0)
      return optionError(Source, "'%" + Value.take_front(2) +
                                     "' is not a percent-encoded character (a "
                                     "'%' itself is written '%25')");
    Decoded += static_cast<char>(Byte);
    Value = Value.drop_front(2);
  }
  // The file system would take what is before it for the path.
  if (StringRef(Decoded).contains('\0'))
    return optionError(Source, "a path contains a null character");
  return Decoded;
}

static Error repeated(StringRef Source, StringRef Name) {
  return optionError(Source,
                     "parameter '" + Name + "' is given more than once");
}

static Error badValue(StringRef Source, StringRef Name, StringRef Value) {
  return optionError(Source,
                     "'" + Value + "' is no value of parameter '" + Name + "'");
}

static Error parseParameter(StringRef Name, StringRef Value, StringRef Source,
                            Options &Result) {
  if (Name == "library") {
    Expected<std::string> Path = percentDecode(Value, Source);
    if (!Path)
      return Path.takeError();
    for (const LibraryOption &Library : Result.Libraries)
      if (Library.Path == *Path)
        return optionError(Source,
                           "library '" + *Path + "' is given more than once");
    Result.Libraries.push_back({std::move(*Path), ""});
    return Error::success();
  }
  if (Name == "sha256") {
    if (Result.Libraries.empty())
      return optionError(Source, "parameter 'sha256' has no library before it");
    if (!Result.Libraries.back().SHA256.empty())
      return repeated(Source, Name);
    if (Value.size() != 64 || !all_of(Value, isHexDigit))
      return badValue(Source, Name, Value);
    Result.Libraries.back().SHA256 = Value.lower();
    return Error::success();
  }
  if (Name == "debug-info") {
    if (Result.DebugInfo)
      return repeated(Source, Name);
    Result.DebugInfo = StringSwitch<std::optional<DebugInfoKind>>(Value)
                           .Case("strip", DebugInfoKind::Strip)
                           .Case("lines", DebugInfoKind::Lines)
                           .Default(std::nullopt);
    if (!Result.DebugInfo)
      return badValue(Source, Name, Value);
    return Error::success();
  }
  if (Name == "leftover") {
    if (Result.Leftover)
      return repeated(Source, Name);
    Result.Leftover = StringSwitch<std::optional<LeftoverKind>>(Value)
                          .Case("allow", LeftoverKind::Allow)
                          .Case("warn", LeftoverKind::Warn)
                          .Case("error", LeftoverKind::Error)
                          .Default(std::nullopt);
    if (!Result.Leftover)
      return badValue(Source, Name, Value);
    return Error::success();
  }
  if (Name == "modname") {
    if (Result.ModuleName)
      return repeated(Source, Name);
    Expected<std::string> Decoded = percentDecode(Value, Source);
    if (!Decoded)
      return Decoded.takeError();
    if (!isModuleName(*Decoded))
      return badValue(Source, Name, *Decoded);
    Result.ModuleName = std::move(*Decoded);
    return Error::success();
  }
  if (Name == "report") {
    if (Result.Report)
      return repeated(Source, Name);
    Expected<std::string> Path = percentDecode(Value, Source);
    if (!Path)
      return Path.takeError();
    Result.Report = std::move(*Path);
    return Error::success();
  }
  return optionError(Source, "unknown parameter '" + Name + "'");
}

Expected<Options> inline_helpers::parseOptions(StringRef Text,
                                               StringRef Source) {
  Options Result;
  if (Text.empty())
    return Result;
  SmallVector<StringRef, 4> Parameters;
  Text.split(Parameters, ';');
  for (StringRef Parameter : Parameters) {
    auto [Name, Value] = Parameter.split('=');
    if (Name.empty())
      return optionError(Source, "a parameter is empty");
    if (Value.empty())
      return optionError(Source, "parameter '" + Name + "' has no value");
    if (Error E = parseParameter(Name, Value, Source, Result))
      return E;
  }
  return Result;
}

std::optional<StringRef> inline_helpers::getPassParameters(StringRef Pass) {
  if (!Pass.consume_front(PassName))
    return std::nullopt;
  if (Pass.empty())
    return Pass;
  if (Pass.consume_front("<") && Pass.consume_back(">"))
    return Pass;
  return std::nullopt;
}

static Error contradiction(StringRef Name, StringRef First, StringRef Second) {
  return makeError(DiagnosticCode::BadOption,
                   First + " and " + Second +
                       " give different values for parameter '" + Name + "'",
                   "give it in one of the two places");
}

/// Takes over into \p Result what \p From gives.
static Error merge(Options &Result, StringRef ResultSource, const Options &From,
                   StringRef Source) {
  if (!From.Libraries.empty()) {
    if (!Result.Libraries.empty() && Result.Libraries != From.Libraries)
      return contradiction("library", ResultSource, Source);
    Result.Libraries = From.Libraries;
  }
  if (From.DebugInfo) {
    if (Result.DebugInfo && Result.DebugInfo != From.DebugInfo)
      return contradiction("debug-info", ResultSource, Source);
    Result.DebugInfo = From.DebugInfo;
  }
  if (From.Leftover) {
    if (Result.Leftover && Result.Leftover != From.Leftover)
      return contradiction("leftover", ResultSource, Source);
    Result.Leftover = From.Leftover;
  }
  if (From.ModuleName) {
    if (Result.ModuleName && Result.ModuleName != From.ModuleName)
      return contradiction("modname", ResultSource, Source);
    Result.ModuleName = From.ModuleName;
  }
  if (From.Report) {
    if (Result.Report && Result.Report != From.Report)
      return contradiction("report", ResultSource, Source);
    Result.Report = From.Report;
  }
  return Error::success();
}

Expected<Options>
inline_helpers::resolveOptions(ArrayRef<std::string> PassTexts,
                               std::optional<StringRef> Environment) {
  constexpr StringLiteral PassSource = PassName;
  Options Result;
  for (const std::string &Text : PassTexts) {
    Expected<Options> FromPass = parseOptions(Text, PassSource);
    if (!FromPass)
      return FromPass.takeError();
    if (Error E = merge(Result, PassSource, *FromPass,
                        "a second import-helpers pass"))
      return E;
  }
  if (!Environment)
    return Result;
  if (Environment->empty())
    return makeError(DiagnosticCode::BadOption,
                     EnvironmentVariable + Twine(" is set, but empty"),
                     "set it to library=PATH, or unset it");
  Expected<Options> FromEnvironment =
      parseOptions(*Environment, EnvironmentVariable);
  if (!FromEnvironment)
    return FromEnvironment.takeError();
  if (Error E =
          merge(Result, PassSource, *FromEnvironment, EnvironmentVariable))
    return E;
  return Result;
}

std::string inline_helpers::percentEncode(StringRef Path) {
  std::string Encoded;
  for (char C : Path) {
    if (isAlnum(C) || StringRef("/._-+=@:~").contains(C)) {
      Encoded += C;
      continue;
    }
    Encoded += '%';
    Encoded += toHex(StringRef(&C, 1));
  }
  return Encoded;
}
