//===- PackedLibrary.cpp - An archive of helper bitcode -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/PackedLibrary.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/Seal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Metadata.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral FactsName = "inline-helpers.packed";

void inline_helpers::setPackedFacts(Module &M, const PackedFacts &Facts) {
  NamedMDNode *Node = M.getOrInsertNamedMetadata(FactsName);
  Node->clearOperands();
  LLVMContext &Context = M.getContext();
  Node->addOperand(
      MDNode::get(Context, {MDString::get(Context, Facts.Digest),
                            MDString::get(Context, Facts.Assembly)}));
}

std::optional<PackedFacts> inline_helpers::getPackedFacts(const Module &M) {
  const NamedMDNode *Node = M.getNamedMetadata(FactsName);
  if (!Node || Node->getNumOperands() != 1)
    return std::nullopt;
  SmallVector<std::string, 2> Texts;
  for (const MDOperand &Operand : Node->getOperand(0)->operands())
    if (const auto *Text = dyn_cast_or_null<MDString>(Operand))
      Texts.push_back(Text->getString().str());
  if (Texts.size() != 2)
    return std::nullopt;
  return PackedFacts{Texts[0], Texts[1]};
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

namespace {
/// One of the second member; see PackedLibrary.h.
struct Row {
  support::ulittle32_t NameOffset, NameSize, Offset, Size;

  StringRef getSymbol(StringRef Places) const {
    return Places.substr(NameOffset).take_front(NameSize);
  }
  PackedPlace getPlace(StringRef Places) const {
    return {getSymbol(Places), Offset, Size};
  }
};
} // namespace

static constexpr size_t CountField = HashSize;
static constexpr size_t RowsField = CountField + sizeof(support::ulittle32_t);

static ArrayRef<Row> getRows(StringRef Places) {
  uint32_t Count = support::endian::read32le(Places.data() + CountField);
  return {reinterpret_cast<const Row *>(Places.data() + RowsField), Count};
}

/// Returns true if \p Places is what writePlaces has returned.
static bool checkPlaces(StringRef Places) {
  if (Places.size() < RowsField ||
      Places.take_front(HashSize) != getHash(Places.drop_front(HashSize)))
    return false;
  uint64_t Count = support::endian::read32le(Places.data() + CountField);
  return Count <= (Places.size() - RowsField) / sizeof(Row);
}

std::string inline_helpers::writePlaces(std::vector<PackedPlace> Places) {
  llvm::sort(Places, [](const PackedPlace &A, const PackedPlace &B) {
    return A.Symbol < B.Symbol;
  });
  std::string Text, Names;
  raw_string_ostream OS(Text);
  support::endian::Writer Writer(OS, endianness::little);
  Writer.write<uint32_t>(Places.size());
  size_t NamesField = RowsField + Places.size() * sizeof(Row);
  for (const PackedPlace &Place : Places) {
    Writer.write<uint32_t>(NamesField + Names.size());
    Writer.write<uint32_t>(Place.Symbol.size());
    Writer.write<uint32_t>(Place.Offset);
    Writer.write<uint32_t>(Place.Size);
    Names += Place.Symbol;
  }
  Text += Names;
  return getHash(Text) + Text;
}

//===----------------------------------------------------------------------===//
// PackedLibrary
//===----------------------------------------------------------------------===//

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
  if ((*Archive)->isThin())
    return Foreign();
  // The first two; their names and contents.
  std::pair<StringRef, StringRef> Members[2];
  auto *Next = std::begin(Members);
  Error E = Error::success();
  for (const object::Archive::Child &Child : (*Archive)->children(E)) {
    Expected<StringRef> Name = Child.getName();
    Expected<StringRef> Text = Child.getBuffer();
    if (!Name || !Text) {
      consumeError(std::move(E));
      return damaged(Path, joinErrors(Name.takeError(), Text.takeError()));
    }
    *Next++ = {*Name, *Text};
    if (Next == std::end(Members))
      break;
  }
  if (E)
    return damaged(Path, std::move(E));
  auto [Index, Places] = Members;
  if (Index.first == PackedIndexName &&
      checkSeal(Index.second) == SealState::Other)
    return otherFormat(Path);
  if (Index.first != PackedIndexName || Places.first != PackedPlacesName)
    return Foreign();
  if (checkSeal(Index.second) != SealState::Intact)
    return damagedLibrary(Path, "its index is not what 'inline-helpers pack' "
                                "wrote");
  if (!checkPlaces(Places.second))
    return damagedLibrary(Path, "its table of places is not what "
                                "'inline-helpers pack' wrote");
  return PackedLibrary(Content, MemoryBufferRef(Index.second, Path),
                       Places.second);
}

Expected<MemoryBufferRef>
PackedLibrary::getModule(const PackedPlace &Place) const {
  StringRef Module =
      Content.getBuffer().substr(Place.Offset).take_front(Place.Size);
  StringRef Path = Content.getBufferIdentifier();
  if (checkSeal(Module) != SealState::Intact)
    return damagedLibrary(Path,
                          "the member of '" + Place.Symbol +
                              "' is not what 'inline-helpers pack' wrote");
  return MemoryBufferRef(Module, Path);
}

Expected<std::vector<MemoryBufferRef>>
PackedLibrary::getModules(std::vector<PackedPlace> Places) const {
  llvm::stable_sort(Places, [](const PackedPlace &A, const PackedPlace &B) {
    return A.Offset < B.Offset;
  });
  auto SameModule = [](const PackedPlace &A, const PackedPlace &B) {
    return A.Offset == B.Offset;
  };
  Places.erase(llvm::unique(Places, SameModule), Places.end());
  std::vector<MemoryBufferRef> Result;
  for (const PackedPlace &Place : Places) {
    Expected<MemoryBufferRef> Module = getModule(Place);
    if (!Module)
      return Module.takeError();
    Result.push_back(*Module);
  }
  return Result;
}

Expected<std::vector<MemoryBufferRef>>
PackedLibrary::find(ArrayRef<StringRef> Symbols) const {
  ArrayRef<Row> Rows = getRows(Places);
  std::vector<PackedPlace> Found;
  for (StringRef Symbol : Symbols) {
    const Row *It = partition_point(
        Rows, [&](const Row &R) { return R.getSymbol(Places) < Symbol; });
    if (It != Rows.end() && It->getSymbol(Places) == Symbol)
      Found.push_back(It->getPlace(Places));
  }
  return getModules(std::move(Found));
}

Expected<std::vector<MemoryBufferRef>> PackedLibrary::members() const {
  std::vector<PackedPlace> All;
  for (const Row &R : getRows(Places))
    All.push_back(R.getPlace(Places));
  return getModules(std::move(All));
}
