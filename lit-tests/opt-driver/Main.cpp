//===- Main.cpp - opt with import-helpers linked in -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sanitizer's runtime has to be in the program, and LLVM's own opt has none:
// so the lit suites run this one where the passes are built with sanitizers
// (lit --param opt=import-helpers-opt).
//
// It is LLVM's opt, as LLVM installs it for such programs (LLVMOptDriver), with
// plugin/Plugin.cpp linked in instead of loaded.
//
//===----------------------------------------------------------------------===//

#include "passes/LLVMVersion.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Passes/PassBuilder.h"
#if LLVM_VERSION_MAJOR >= 22
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif
#include <functional>

using namespace llvm;

/// LLVM's opt; no header of LLVM declares it (llvm/tools/opt/opt.cpp).
extern "C" int
optMain(int argc, char **argv,
        ArrayRef<std::function<void(PassBuilder &)>> PassBuilderCallbacks);

int main(int argc, char **argv) {
  // The tests load the plugin, which is in here.
  SmallVector<char *> Arguments;
  for (char *Argument : ArrayRef(argv, argc))
    if (StringRef Text(Argument); !Text.consume_front("-load-pass-plugin=") ||
                                  !Text.ends_with(INLINE_HELPERS_PLUGIN))
      Arguments.push_back(Argument);
  size_t Count = Arguments.size();
  Arguments.push_back(nullptr);

  std::function<void(PassBuilder &)> Callbacks[] = {
      llvmGetPassPluginInfo().RegisterPassBuilderCallbacks};
  return optMain(Count, Arguments.data(), Callbacks);
}
