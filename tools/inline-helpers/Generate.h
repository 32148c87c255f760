//===- Generate.h - Man pages and shell completion --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `--generate=WHAT`, which --help does not show, prints what an installation
// has beside the command. It is made of what --help is made of: the registry of
// llvm::cl, and the text of each command.
//
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_GENERATE_H
#define INLINE_HELPERS_TOOLS_GENERATE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"

namespace inline_helpers {

/// What --help says of a command beyond its options.
struct CommandHelp {
  llvm::cl::SubCommand *Command;
  llvm::StringLiteral Name;
  llvm::StringLiteral Text;        ///< Paragraphs, and "EXAMPLES:" of lines.
  llvm::StringLiteral Rest = {""}; ///< What follows '--'; empty: nothing may.
};

/// The whole of the command line.
struct CommandLineHelp {
  llvm::StringRef Overview;
  llvm::StringRef Text; ///< As CommandHelp::Text.
  llvm::ArrayRef<CommandHelp> Commands;
  const llvm::cl::OptionCategory &Category; ///< Of the options to tell.
};

/// True if the command line has `--generate`.
bool isGenerateAsked();

/// Prints what `--generate` asks for: "man", "complete-bash", "complete-fish",
/// "complete-zsh", or "commands", the names of the commands, a line each.
///
/// The values an option takes are those of its cl::value_desc ("text|json");
/// FILE, PATH and DIR there stand for a path, and so do LIBRARY and the like
/// in the cl::desc of what is no option.
///
/// \param Command whose man page it is; null: that of the whole.
/// \returns an error that lists the above for any other.
llvm::Error generate(const CommandLineHelp &Help, const CommandHelp *Command);

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_GENERATE_H
