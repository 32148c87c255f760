//===- Promote.h - What helpers share with their object ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A static variable of C has one native object as its home. Where bitcode and
/// object are made of one module it can be defined in the object, under a name
/// that no other file has, and be referred to in the bitcode: then the helpers
/// that reach it can be inlined. ThinLTO does the same
/// (llvm/Transforms/Utils/FunctionImportUtils.h), by an index of the whole
/// program, which there is none of here.
///
//===----------------------------------------------------------------------===//

#ifndef INLINE_HELPERS_TOOLS_PROMOTE_H
#define INLINE_HELPERS_TOOLS_PROMOTE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/Module.h"
#include <vector>

namespace inline_helpers {

/// Makes each local definition of \p M that a helper reaches, and of which a
/// copy would not do (needsOriginal), a hidden one called
/// NAME.inline_helpers.HASH. The hash is of all of \p M but the names of files:
/// two objects with one such name are of the same code, and they cannot both be
/// linked, as they define the same helpers.
///
/// Left alone is what its name or its use binds to the file: in llvm.used, in
/// assembly, behind an alias, in a comdat, of a thread-local model, of a
/// calling convention that only LLVM knows.
///
/// \returns what was promoted.
std::vector<llvm::GlobalObject *> promoteLocals(llvm::Module &M);

/// Makes \p Promoted, of one module, declarations of what its object defines.
void referToObject(llvm::ArrayRef<llvm::GlobalObject *> Promoted);

} // namespace inline_helpers

#endif // INLINE_HELPERS_TOOLS_PROMOTE_H
