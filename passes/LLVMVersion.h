//===- LLVMVersion.h - Differences between LLVM versions --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What LLVM 19 and LLVM 22 spell differently, as named functions. No other
/// file of the passes looks at LLVM_VERSION_MAJOR to choose an API.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_LLVMVERSION_H
#define INLINE_HELPERS_PASSES_LLVMVERSION_H

#include "llvm/ADT/Any.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/TargetParser/Triple.h"
#include <memory>
#include <string>

#if LLVM_VERSION_MAJOR < 22
namespace llvm {
// It tells callbacks of PassInstrumentation that they are given a module, by
// its address: so it has to be the host's, and not the plugin's own. LLVM 22
// declares it.
extern template struct Any::TypeId<const Module *>;
} // namespace llvm
#endif

namespace inline_helpers {

/// Returns true if \p ID is an intrinsic of one target, such as
/// llvm.x86.sse42.crc32.32.8.
inline bool isTargetIntrinsic(llvm::Intrinsic::ID ID) {
#if LLVM_VERSION_MAJOR >= 20
  return llvm::Intrinsic::isTargetIntrinsic(ID);
#else
  return llvm::Function::isTargetIntrinsic(ID);
#endif
}

/// Returns the declaration of the intrinsic \p ID for \p Types in \p M.
inline llvm::Function *
getIntrinsicDeclaration(llvm::Module &M, llvm::Intrinsic::ID ID,
                        llvm::ArrayRef<llvm::Type *> Types) {
#if LLVM_VERSION_MAJOR >= 20
  return llvm::Intrinsic::getOrInsertDeclaration(&M, ID, Types);
#else
  return llvm::Intrinsic::getDeclaration(&M, ID, Types);
#endif
}

/// Gives \p F, which comes from another module, the format of debug info that
/// its own has. Since LLVM 21 there is one.
inline void adoptDebugInfoFormat(llvm::Function &F) {
#if LLVM_VERSION_MAJOR < 21
  F.setIsNewDbgInfoFormat(F.getParent()->IsNewDbgInfoFormat);
#endif
}

/// Returns the target triple of \p M; a module holds a string in LLVM 19 and a
/// Triple since LLVM 21.
inline llvm::Triple getTriple(const llvm::Module &M) {
  return llvm::Triple(M.getTargetTriple());
}

/// Returns what the target of \p T knows of its CPUs and features, or null if
/// the target is not registered.
inline std::unique_ptr<llvm::MCSubtargetInfo>
createSubtargetInfo(const llvm::Triple &T) {
  std::string Error;
#if LLVM_VERSION_MAJOR >= 22
  const llvm::Triple &Name = T;
#else
  const std::string &Name = T.str();
#endif
  const llvm::Target *Found = llvm::TargetRegistry::lookupTarget(Name, Error);
  return std::unique_ptr<llvm::MCSubtargetInfo>(
      Found ? Found->createMCSubtargetInfo(Name, "", "") : nullptr);
}

/// Returns a target machine for \p T without a CPU or features of its own, or
/// null if the target is not registered.
inline std::unique_ptr<llvm::TargetMachine> createTargetMachine(
    const llvm::Triple &T,
    std::optional<llvm::Reloc::Model> Relocation = std::nullopt,
    std::optional<llvm::CodeModel::Model> CodeModel = std::nullopt) {
  std::string Error;
#if LLVM_VERSION_MAJOR >= 21
  const llvm::Triple &Name = T;
#else
  const std::string &Name = T.str();
#endif
  const llvm::Target *Found = llvm::TargetRegistry::lookupTarget(Name, Error);
  return std::unique_ptr<llvm::TargetMachine>(
      Found ? Found->createTargetMachine(Name, /*CPU=*/"", /*Features=*/"",
                                         llvm::TargetOptions(), Relocation,
                                         CodeModel)
            : nullptr);
}

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_LLVMVERSION_H
