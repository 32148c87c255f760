//===- PackedLibrary.cpp - An archive of helper bitcode -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/PackedLibrary.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/Seal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Metadata.h"
#include "llvm/Support/xxhash.h"
#include <set>

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral FactsName = "inline-helpers.packed";

void inline_helpers::setPackedFacts(Module &M, const PackedFacts &Facts) {
  NamedMDNode *Node = M.getOrInsertNamedMetadata(FactsName);
  Node->clearOperands();
  LLVMContext &Context = M.getContext();
  Node->addOperand(
      MDNode::get(Context, {MDString::get(Context, Facts.Digest),
                            MDString::get(Context, Facts.SymbolsHash),
                            MDString::get(Context, Facts.Assembly)}));
}

std::optional<PackedFacts> inline_helpers::getPackedFacts(const Module &M) {
  const NamedMDNode *Node = M.getNamedMetadata(FactsName);
  if (!Node || Node->getNumOperands() != 1)
    return std::nullopt;
  SmallVector<std::string, 3> Texts;
  for (const MDOperand &Operand : Node->getOperand(0)->operands())
    if (const auto *Text = dyn_cast_or_null<MDString>(Operand))
      Texts.push_back(Text->getString().str());
  if (Texts.size() != 3)
    return std::nullopt;
  return PackedFacts{Texts[0], Texts[1], Texts[2]};
}

/// Turns LLVM's own error about the archive \p Path into ours.
static Error damaged(StringRef Path, Error E) {
  return damagedLibrary(Path, toString(std::move(E)));
}

Expected<PackedLibrary> PackedLibrary::open(MemoryBufferRef Content) {
  StringRef Path = Content.getBufferIdentifier();
  Expected<std::unique_ptr<object::Archive>> Archive =
      object::Archive::create(Content);
  if (!Archive)
    return damaged(Path, Archive.takeError());
  auto Foreign = [&] {
    return makeError(DiagnosticCode::NotBitcode,
                     "cannot use library '" + Path +
                         "': it is an archive that 'inline-helpers pack' did "
                         "not write",
                     "make it of the same bitcode with 'inline-helpers pack'");
  };
  Error E = Error::success();
  auto First = (*Archive)->child_begin(E);
  if (E)
    return damaged(Path, std::move(E));
  if ((*Archive)->isThin() || First == (*Archive)->child_end())
    return Foreign();
  Expected<StringRef> Name = First->getName();
  if (!Name)
    return damaged(Path, Name.takeError());
  Expected<StringRef> Index = First->getBuffer();
  if (!Index)
    return damaged(Path, Index.takeError());
  if (*Name != PackedIndexName)
    return Foreign();
  if (checkSeal(*Index) != SealState::Intact)
    return damagedLibrary(Path, "its index is not what 'inline-helpers pack' "
                                "wrote");
  return PackedLibrary(std::move(*Archive), MemoryBufferRef(*Index, Path));
}

std::string PackedLibrary::symbolsHash() const {
  XXH128_hash_t Hash =
      xxh3_128bits(arrayRefFromStringRef(Archive->getSymbolTable()));
  return utohexstr(Hash.high64, /*LowerCase=*/true, /*Width=*/16) +
         utohexstr(Hash.low64, /*LowerCase=*/true, /*Width=*/16);
}

Expected<std::vector<MemoryBufferRef>>
PackedLibrary::find(function_ref<bool(StringRef)> Wants,
                    const PackedFacts &Facts) const {
  StringRef Path = Index.getBufferIdentifier();
  if (symbolsHash() != Facts.SymbolsHash)
    return damagedLibrary(Path, "its symbol table is not what 'inline-helpers "
                                "pack' wrote");
  auto Compare = [](StringRef A, StringRef B) { return A.data() < B.data(); };
  std::set<StringRef, decltype(Compare)> Contents(Compare);
  for (const object::Archive::Symbol &Symbol : Archive->symbols()) {
    if (!Wants(Symbol.getName()))
      continue;
    Expected<object::Archive::Child> Member = Symbol.getMember();
    if (!Member)
      return damaged(Path, Member.takeError());
    Expected<StringRef> Content = Member->getBuffer();
    if (!Content)
      return damaged(Path, Content.takeError());
    // Module assembly defines symbols as well, which are no helpers.
    if (Content->data() == Index.getBufferStart() ||
        !Contents.insert(*Content).second)
      continue;
    if (checkSeal(*Content) != SealState::Intact)
      return damagedLibrary(Path,
                            "the member of '" + Symbol.getName() +
                                "' is not what 'inline-helpers pack' wrote");
  }
  std::vector<MemoryBufferRef> Result;
  for (StringRef Content : Contents)
    Result.emplace_back(Content, Path);
  return Result;
}
