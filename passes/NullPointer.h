//===- NullPointer.h - Helpers that may access null -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Takes null_pointer_is_valid (-fno-delete-null-pointer-checks) off a helper
/// without changing what it means. LLVM's inliner would put the attribute on
/// the Rust caller, which then keeps every check for null.
///
/// An access to null is undefined for LLVM only in address space 0 of a
/// function without the attribute (NullPointerIsDefined, IR/Function.cpp). So
/// an access whose pointer may be null goes through the same address in another
/// address space that the target keeps in the same memory:
///
///   %address = ptrtoint ptr %p to i64
///   %plain = inttoptr i64 %address to ptr addrspace(255)
///   %x = load i32, ptr addrspace(255) %plain
///
/// It is not an addrspacecast, through which LLVM looks for the object: a null
/// found there aliases nothing (BasicAliasAnalysis.cpp), and a pointer loaded
/// from a variable that is null at first is taken for the one other value that
/// is stored there (GlobalOpt.cpp, OptimizeAwayTrappingUsesOfValue).
///
/// LLVM knows less of such an access. As soon as the pointer turns out not to
/// be null it becomes an ordinary one again; a Rust reference never is.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_PASSES_NULLPOINTER_H
#define INLINE_HELPERS_PASSES_NULLPOINTER_H

#include "llvm/IR/PassManager.h"

namespace inline_helpers {

/// The address space of accesses that may be to null. The last that is plain
/// memory on x86 (X86TargetMachine::isNoopAddrSpaceCast); on AArch64 all are.
constexpr unsigned NullAddressSpace = 255;

/// Removes null_pointer_is_valid from \p F, and rewrites its body so that it
/// means the same without.
///
/// The attribute stays, and spreads to the callers, where
/// - a sanitizer is to check the body: it would skip the rewritten accesses;
/// - the target is neither x86 nor AArch64;
/// - an instruction that cannot be rewritten may access or call null: a masked
///   access, an indirect call, an argument passed by value.
void lowerNullPointerIsValid(llvm::Function &F);

/// Simplifies what lowerNullPointerIsValid made of accesses now in \p F: one
/// whose pointer is known not to be null becomes an ordinary access again, and
/// LLVM sees how the address of another is computed.
///
/// \returns true if \p F has changed.
bool simplifyNullAccesses(llvm::Function &F);

/// simplifyNullAccesses between LLVM's passes, which get to know more.
class SimplifyNullAccessesPass
    : public llvm::PassInfoMixin<SimplifyNullAccessesPass> {
public:
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &FAM);
};

} // namespace inline_helpers

#endif // INLINE_HELPERS_PASSES_NULLPOINTER_H
