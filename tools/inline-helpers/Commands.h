//===- Commands.h - What the inline-helpers command can do ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_COMMANDS_H
#define INLINE_HELPERS_TOOLS_COMMANDS_H

#include "passes/Options.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace inline_helpers {

/// What `inline-helpers compile` is told.
struct CompileJob {
  std::vector<std::string> Sources; ///< C files, or bitcode (.bc).
  std::string Output;               ///< The bitcode file to write.
  std::string Object;               ///< The object file to write, if any.
  std::string DependencyFile;       ///< The make rules to write, if any.
  std::string Clang;                ///< Empty: chooseClang decides.
  std::vector<std::string> Flags;   ///< C flags, clang's or GCC's.
  bool Verbose = false;             ///< Print the commands that run.
};

/// What C flags are selected for.
enum class FlagUse {
  Bitcode, ///< Helper bitcode alone: another command compiles the object.
  Object   ///< An object as well.
};

/// Returns the C flags that matter to \p Use: without output and dependency
/// options, without those that instrument or optimise at the link, and without
/// those that GCC alone knows; for bitcode also without those that only code
/// generation, debug info or warnings need.
std::vector<std::string> selectFlags(llvm::ArrayRef<std::string> Flags,
                                     FlagUse Use = FlagUse::Bitcode);

/// Returns true if a compiler with \p Flags makes debug info: the last of -g,
/// -g0 and their like counts.
bool asksForDebugInfo(llvm::ArrayRef<std::string> Flags);

/// Finds the program \p Name, a path or a name of PATH.
///
/// \returns its path, or the error that \p What, the program's kind, cannot be
///          run, with \p Help as the cure.
llvm::Expected<std::string> findProgram(llvm::StringRef What,
                                        llvm::StringRef Name,
                                        const llvm::Twine &Help);

/// Finds clang: \p Named if given, else $INLINE_HELPERS_CLANG, else $CC if that
/// is a clang, else the one of the LLVM this command was built with.
llvm::Expected<std::string> chooseClang(llvm::StringRef Named);

/// Compiles and links the sources of \p Job to one sealed bitcode file, which
/// is written whole or not at all.
///
/// clang runs without its LLVM passes, so no instrumentation is in the result;
/// it is simplified here instead. Where the flags ask for debug info the result
/// has line tables.
///
/// With an object, clang compiles the simplified module to it, in which what
/// helpers share with it is promoted (Promote.h). The dependency file has a
/// rule of what clang reads for each C file. All files are written, or none.
llvm::Error compile(const CompileJob &Job);

/// Has \p Context print what LLVM says; LLVM's own handler exits on an error.
void printDiagnostics(llvm::LLVMContext &Context);

/// Reads all of the library \p Path.
llvm::Expected<std::unique_ptr<llvm::Module>>
readAll(llvm::StringRef Path, llvm::LLVMContext &Context);

/// Links \p M into \p Whole, or makes it that if there is none yet.
///
/// \returns an error that names \p Source if they contradict each other.
llvm::Error linkInto(std::unique_ptr<llvm::Module> &Whole,
                     std::unique_ptr<llvm::Module> M, llvm::StringRef Source);

/// Returns \p M as bitcode.
std::string writeBitcode(const llvm::Module &M);

/// Writes the libraries \p Sources to \p Output as one archive
/// (PackedLibrary.h), whole or not at all. The same bitcode gives the same
/// bytes.
llvm::Error pack(llvm::ArrayRef<std::string> Sources, llvm::StringRef Output);

/// Prints a table of the helpers in \p Library.
llvm::Error list(llvm::StringRef Library);

/// Prints one line: will the rustc at \p Rustc read \p Library?
///
/// \returns an error that says why not.
llvm::Error check(llvm::StringRef Library, llvm::StringRef Rustc);

/// Prints whether helpers that clang compiles fit the kernel in \p Tree, the
/// folder of its objects, which GCC may have built: the options that depend on
/// the compiler, and the layout of every type of the helpers' headers.
///
/// \param Clang as of chooseClang.
/// \returns an error if they do not fit, or \p Tree is no prepared kernel with
///          Rust.
llvm::Error checkKernel(llvm::StringRef Tree, llvm::StringRef Clang);

/// Returns \p Path, made absolute, as a parameter's value.
llvm::Expected<std::string> encodePath(llvm::StringRef Path);

/// Prints the rustc flags that import \p Libraries, of which the first that
/// defines a helper counts. On a terminal they are quoted for a shell,
/// elsewhere they are words for `$(...)`.
///
/// \param Parameters further ones of the pass, separated by `;`.
llvm::Error printFlags(llvm::ArrayRef<std::string> Libraries,
                       llvm::StringRef Parameters);

/// One of make's variables, and the value it is to have.
struct Assignment {
  llvm::StringRef Name;
  std::string Value; ///< As on make's command line: make expands `$(...)`.
};

/// Returns the make assignments that build a kernel with its helpers inlined.
///
/// \param Parameters further ones of the pass, separated by `;`.
llvm::Expected<std::vector<Assignment>>
getKernelAssignments(llvm::StringRef Parameters);

/// Prints what getKernelAssignments returns, as printFlags prints flags.
llvm::Error printKernelFlags(llvm::StringRef Parameters);

/// Runs \p Command, the make command of a kernel build, with those assignments,
/// and prints which helpers stay calls.
///
/// \param Parameters as for getKernelAssignments, without `report=`.
/// \param ReportFolder where reports go; empty: a folder of the kernel's
///        objects or of the module, which `make clean` removes.
/// \returns make's exit status, or an error: it cannot be run, or the command
///          contradicts the assignments.
llvm::Expected<int> buildKernel(llvm::ArrayRef<std::string> Command,
                                llvm::StringRef Parameters,
                                llvm::StringRef ReportFolder);

/// Runs cargo with \p Arguments so that helpers are inlined: rustc loads the
/// plugin, in addition to the flags that it has got anyway.
///
/// \param Parameters further ones of the pass, separated by `;`.
/// \returns cargo's exit status, or an error: something that is needed is not
///          there, and cargo has not run.
llvm::Expected<int> buildWithCargo(llvm::ArrayRef<std::string> Arguments,
                                   llvm::StringRef Parameters);

/// Prints the lines of .cargo/config.toml that do without buildWithCargo.
///
/// \param Parameters of the pass, separated by `;`.
llvm::Error printCargoConfiguration(llvm::StringRef Parameters);

/// Returns the folder of the reports that the last buildWithCargo left for the
/// package in the current folder.
llvm::Expected<std::string> findCargoReports();

/// Prints which of what a cargo build needs is there, and tries it out.
///
/// \returns 0, or an error for each thing that is missing or does not fit.
llvm::Expected<int> examineSetup();

/// Prints the files of a built kernel that a Rust module needs to be built out
/// of tree with helpers inlined, and that scripts/package/install-extmod-build
/// leaves out: a path a line, relative to \p Objects.
///
/// \returns an error if the kernel at \p Objects was not built so.
llvm::Error listKernelHeaders(llvm::StringRef Objects);

/// Prints the reason called \p Name, or the list of all reasons if it is
/// empty; with \p Format "markdown" docs/reasons.md.
///
/// \returns an error that lists the reasons if there is none of that name.
llvm::Error explain(llvm::StringRef Name, llvm::StringRef Format);

/// Merges the reports in \p Directory, the folder of report=DIR, into one
/// table.
///
/// \param Format "text", "json" or "html".
/// \param Output the file to write, whole or not at all; empty: standard
///        output.
/// \returns an error that names the file or folder that cannot be read, or
///          the output.
llvm::Error report(llvm::StringRef Directory, llvm::StringRef Format,
                   llvm::StringRef Output);

/// Prints, on one screen, the helpers that stay calls by the reports in
/// \p Directory, and the totals.
///
/// \returns an error as `report` does.
llvm::Error reportLeftover(llvm::StringRef Directory);

/// Prints \p Rows, the headings first, in columns as wide as they need to be.
///
/// \param Numbers the columns that are flush right.
void printTable(llvm::raw_ostream &OS,
                llvm::ArrayRef<std::vector<std::string>> Rows,
                llvm::ArrayRef<size_t> Numbers = {});

/// Stands in for bindgen in a kernel build: makes the bitcode of the helpers
/// if \p Args is the call that binds them, then becomes bindgen.
///
/// \returns only on failure.
llvm::Error runBindgen(llvm::ArrayRef<std::string> Args);

/// Returns the source of the kernel's helpers in a bindgen call, or "".
llvm::StringRef findHelperSource(llvm::ArrayRef<std::string> Args);

/// Returns the C flags of a helper's object, of those of the kernel's bindgen
/// call: without what the kernel adds for bindgen alone.
std::vector<std::string> getHelperFlags(llvm::ArrayRef<std::string> Flags);

/// The path of this command, links resolved.
std::string getCommandPath();

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_COMMANDS_H
