//===- Plugin.cpp - The pass plugin's entry point -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registers import-helpers with a host (rustc, opt, clang):
//
//   rustc -Zllvm-plugins=InlineHelpers-22.so
//         '-Cpasses=import-helpers<library=helpers.bc>' main.rs
//
// It links no LLVM library: the host provides LLVM. It has no static
// constructor that calls LLVM: in a host with another LLVM that would be a
// crash before the version is checked.
//
//===----------------------------------------------------------------------===//

#include "passes/Diagnostics.h"
#include "passes/ImportHelpers.h"
#include "passes/ModuleName.h"
#include "passes/NullPointer.h"
#include "llvm/Passes/PassBuilder.h"
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <mutex>

// LLVM declares the entry point with a struct whose initializers write it
// whole; see the entry point below for why that will not do.
#define llvmGetPassPluginInfo llvmGetPassPluginInfoOfLLVM
#if LLVM_VERSION_MAJOR >= 22
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif
#undef llvmGetPassPluginInfo

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

namespace {
/// The parameters of every import-helpers<...> in the pipeline texts of this
/// process.
///
/// rustc parses -C passes after the pipeline start is built and before anything
/// runs, and in the pipelines before LTO alone (rustc_codegen_llvm,
/// back/write.rs, llvm_optimize). LTO's pipelines are of the same process and
/// the same crate: so the process keeps them, not a PassBuilder. Codegen units
/// are compiled in parallel.
class PipelineTexts {
public:
  void add(StringRef Parameters) {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (!is_contained(Texts, Parameters))
      Texts.push_back(Parameters.str());
  }

  std::vector<std::string> get() {
    std::lock_guard<std::mutex> Lock(Mutex);
    return Texts;
  }

private:
  std::mutex Mutex;
  std::vector<std::string> Texts;
};

/// Remembers for one pipeline run on a module whether its helpers were
/// imported, however many of the hooks fire, and what is to be said at its end.
class ImportOnce : public AnalysisInfoMixin<ImportOnce> {
public:
  struct Result {
    bool Done = false;
    Options Opts;
    std::optional<ImportRecord> Record; ///< Until the end of the pipeline.
    bool invalidate(Module &, const PreservedAnalyses &,
                    ModuleAnalysisManager::Invalidator &) {
      return false;
    }
  };
  Result run(Module &, ModuleAnalysisManager &) { return {}; }

private:
  friend AnalysisInfoMixin<ImportOnce>;
  static AnalysisKey Key;
};

AnalysisKey ImportOnce::Key;

PipelineTexts Texts;

/// Where in a pipeline import-helpers runs.
enum class Place {
  Start,      ///< Of a pipeline that ends with FinishPass.
  StartAtLTO, ///< The same; the module comes from a link, and what of it was
              ///< compiled with the plugin has been through this pass.
  Alone       ///< As a pass of a textual pipeline.
};

/// The last look at what was imported, at the end of the pipeline.
class FinishPass : public PassInfoMixin<FinishPass> {
public:
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &MAM) {
    ImportOnce::Result &Import = MAM.getResult<ImportOnce>(M);
    if (Import.Record)
      if (Error E = finishImport(M, *Import.Record, Import.Opts))
        reportErrors(M.getContext(), std::move(E));
    Import.Record.reset();
    return PreservedAnalyses::all();
  }

  static bool isRequired() { return true; }
};

/// import-helpers with the parameters of pipeline text and environment.
class PluginPass : public PassInfoMixin<PluginPass> {
public:
  explicit PluginPass(Place Where) : Where(Where) {}

  PreservedAnalyses run(Module &M, ModuleAnalysisManager &MAM) {
    ImportOnce::Result &Import = MAM.getResult<ImportOnce>(M);
    if (std::exchange(Import.Done, true))
      return PreservedAnalyses::all();
    const char *Variable = std::getenv(EnvironmentVariable.data());
    Expected<Options> Opts = resolveOptions(
        Texts.get(),
        Variable ? std::optional<StringRef>(Variable) : std::nullopt);
    if (!Opts) {
      reportErrors(M.getContext(), Opts.takeError());
      return PreservedAnalyses::all();
    }
    // kbuild tells rustc which module a crate is for (scripts/Makefile.build).
    const char *ModFile = std::getenv("RUST_MODFILE");
    if (!Opts->ModuleName && ModFile)
      Opts->ModuleName = getModuleName(ModFile);
    // They were given before the link; and rustc has no handler for LTO's, so
    // that LLVM prints them as they come from parallel threads.
    bool AtLTO = Where == Place::StartAtLTO;
    if (AtLTO && Opts->leftover() == LeftoverKind::Warn)
      Opts->Leftover = LeftoverKind::Allow;
    // Never destroyed: threads may run while the process exits.
    static LibraryFiles &Files = *new LibraryFiles;
    Expected<ImportRecord> Record = importHelpers(M, MAM, *Opts, Files, AtLTO);
    if (!Record) {
      reportErrors(M.getContext(), Record.takeError());
      return PreservedAnalyses::none();
    }
    PreservedAnalyses Preserved = getPreserved(*Record);
    Import.Opts = std::move(*Opts);
    Import.Record = std::move(*Record);
    if (Where == Place::Alone)
      FinishPass().run(M, MAM);
    return Preserved;
  }

  static bool isRequired() { return true; }

private:
  Place Where;
};
} // namespace

/// Returns true if the pass of the class \p Name is in \p FPM.
static bool isInPipeline(FunctionPassManager &FPM, StringRef Name) {
  std::string Text;
  raw_string_ostream OS(Text);
  FPM.printPipeline(OS, [](StringRef Class) { return Class; });
  return StringRef(OS.str()).contains(Name);
}

static void registerCallbacks(PassBuilder &PB) {
  auto Start = [](ModulePassManager &MPM, auto &&...) {
    MPM.addPass(PluginPass(Place::Start));
  };
  auto StartAtLTO = [](ModulePassManager &MPM, auto &&...) {
    MPM.addPass(PluginPass(Place::StartAtLTO));
  };
  auto Finish = [](ModulePassManager &MPM, auto &&...) {
    MPM.addPass(FinishPass());
  };
  PB.registerAnalysisRegistrationCallback([](ModuleAnalysisManager &MAM) {
    MAM.registerPass([] { return ImportOnce(); });
  });
  // Every pipeline that compiles a module from the start.
  PB.registerPipelineStartEPCallback(Start);
  // Thin and fat LTO after the link: the first chance in code of crates that
  // were compiled without the plugin. Thin LTO has its first hook in common
  // with the pipelines before the link, where it comes second.
  PB.registerPipelineEarlySimplificationEPCallback(StartAtLTO);
  PB.registerFullLinkTimeOptimizationEarlyEPCallback(StartAtLTO);
  PB.registerOptimizerLastEPCallback(Finish);
  PB.registerFullLinkTimeOptimizationLastEPCallback(Finish);
  // After the first round of simplification, which gets to know more of
  // pointers. Later ones find none, and each run on each function counts.
  PB.registerPeepholeEPCallback(
      [](FunctionPassManager &FPM, OptimizationLevel) {
        if (!isInPipeline(FPM, SimplifyNullAccessesPass::name()))
          FPM.addPass(SimplifyNullAccessesPass());
      });
  // -C passes and -passes: parameters, and the only hook where rustc builds no
  // pipeline of its own (-C no-prepopulate-passes).
  PB.registerPipelineParsingCallback(
      [](StringRef Name, ModulePassManager &MPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        std::optional<StringRef> Parameters = getPassParameters(Name);
        if (!Parameters)
          return false;
        // A host asks twice: is there such a pass, and to add it.
        Texts.add(*Parameters);
        MPM.addPass(PluginPass(Place::Alone));
        return true;
      });
}

//===----------------------------------------------------------------------===//
// Entry point
//===----------------------------------------------------------------------===//

/// LLVM's own of the C API; weak, as a host older than LLVM 16 has none.
extern "C" __attribute__((weak)) void
LLVMGetVersion(unsigned *Major, unsigned *Minor, unsigned *Patch);

namespace {
/// llvm::PassPluginLibraryInfo without initializers.
struct PluginInfo {
  uint32_t APIVersion;
  const char *PluginName;
  const char *PluginVersion;
  void (*RegisterPassBuilderCallbacks)(PassBuilder &);
#if LLVM_VERSION_MAJOR >= 22
  void *PreCodeGenCallback;
#endif
};
static_assert(sizeof(PluginInfo) == sizeof(PassPluginLibraryInfo) &&
                  offsetof(PluginInfo, RegisterPassBuilderCallbacks) ==
                      offsetof(PassPluginLibraryInfo,
                               RegisterPassBuilderCallbacks),
              "LLVM's struct has changed");
} // namespace

/// The only symbol the plugin exports.
///
/// A host of another major is told so, and an API version that no host has
/// makes it refuse the plugin. The struct of LLVM 22 is larger than that of its
/// predecessors, whose stack frame has no room for it: so only what they have
/// in common is written then.
extern "C" __attribute__((visibility("default"))) PluginInfo
llvmGetPassPluginInfo() {
  unsigned Major = 0, Minor = 0, Patch = 0;
  if (LLVMGetVersion)
    LLVMGetVersion(&Major, &Minor, &Patch);
  PluginInfo Info;
  Info.PluginName = "inline-helpers";
  Info.PluginVersion = INLINE_HELPERS_VERSION;
  Info.RegisterPassBuilderCallbacks = registerCallbacks;
  if (Major != LLVM_VERSION_MAJOR) {
    std::fprintf(stderr,
                 "error: inline-helpers: the plugin is built for LLVM %d, this "
                 "host has LLVM %u; help: use InlineHelpers-%u.so, built with "
                 "the package llvm-%u-dev\n",
                 LLVM_VERSION_MAJOR, Major, Major, Major);
    Info.APIVersion = 0;
    return Info;
  }
  Info.APIVersion = LLVM_PLUGIN_API_VERSION;
#if LLVM_VERSION_MAJOR >= 22
  Info.PreCodeGenCallback = nullptr;
#endif
  return Info;
}
