//===- Pack.cpp - inline-helpers pack -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Splits libraries into an archive of modules with a helper each
// (PackedLibrary.h). LLVM's SplitModule makes a given number of parts and lets
// them see each other's local symbols; here a part is as small as can be
// without that.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "passes/CompatibilityRules.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/Seal.h"
#include "passes/TargetFeatures.h"
#include "passes/WholeFile.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

namespace {
/// Definitions that have to be in one module.
using Group = std::vector<GlobalValue *>;
} // namespace

/// Returns true if \p GV can be referred to from another module.
static bool isSeenOutside(const GlobalValue &GV) {
  return getReachedLinkage(GV.getLinkage()) == ReachedLinkage::Refer;
}

/// Returns the smallest groups of definitions in \p M of which none refers to
/// what only another can see, each with something that others see, in their
/// order in \p M.
static std::vector<Group> findGroups(Module &M) {
  EquivalenceClasses<GlobalValue *> Classes;
  DenseMap<const Comdat *, GlobalValue *> Comdats;
  for (GlobalValue &GV : M.global_values()) {
    if (GV.isDeclaration())
      continue;
    Classes.insert(&GV);
    auto Join = [&](GlobalValue &Other) {
      // An alias is one of a definition.
      if (!Other.isDeclaration() &&
          (!isSeenOutside(Other) || !isa<GlobalObject>(GV)))
        Classes.unionSets(&GV, &Other);
    };
    forEachReference(GV, Join);
    if (const auto *F = dyn_cast<Function>(&GV))
      for (const Instruction &I : instructions(*F))
        forEachReference(I, Join);
    if (const Comdat *C = GV.getComdat())
      Classes.unionSets(&GV, Comdats.try_emplace(C, &GV).first->second);
  }
  MapVector<const GlobalValue *, Group> Groups;
  for (GlobalValue &GV : M.global_values())
    if (!GV.isDeclaration())
      Groups[Classes.getLeaderValue(&GV)].push_back(&GV);
  std::vector<Group> Result;
  for (auto &[Leader, Members] : Groups)
    if (any_of(Members, [](const GlobalValue *GV) { return isHelper(*GV); }))
      Result.push_back(std::move(Members));
  return Result;
}

//===----------------------------------------------------------------------===//
// Split
//===----------------------------------------------------------------------===//

/// Copies \p Groups of \p M, which become those of the copy.
static std::unique_ptr<Module> copyGroups(const Module &M,
                                          MutableArrayRef<Group> Groups) {
  DenseSet<const GlobalValue *> Copied;
  for (const Group &G : Groups)
    Copied.insert(G.begin(), G.end());
  ValueToValueMapTy Map;
  std::unique_ptr<Module> Part = CloneModule(
      M, Map, [&](const GlobalValue *GV) { return Copied.contains(GV); });
  for (Group &G : Groups)
    for (GlobalValue *&GV : G)
      GV = cast<GlobalValue>(Map[GV]);
  auto EraseUnused = [](auto &&Values) {
    for (GlobalValue &GV : make_early_inc_range(Values))
      if (GV.isDeclaration() && GV.use_empty())
        GV.eraseFromParent();
  };
  EraseUnused(Part->functions());
  EraseUnused(Part->globals());
  return Part;
}

/// Calls \p Use with a module for each of \p Groups of \p M. Each copy halves
/// the module: a copy out of the whole for each would take quadratic time.
static void split(const Module &M, MutableArrayRef<Group> Groups,
                  function_ref<void(const Module &, const Group &)> Use) {
  if (Groups.empty())
    return;
  size_t Half = Groups.size() / 2;
  for (MutableArrayRef<Group> Part :
       {Groups.take_front(Half), Groups.drop_front(Half)}) {
    if (Part.empty())
      continue;
    std::unique_ptr<Module> Copy = copyGroups(M, Part);
    if (Part.size() == 1)
      Use(*Copy, Part.front());
    else
      split(*Copy, Part, Use);
  }
}

//===----------------------------------------------------------------------===//
// Archive
//===----------------------------------------------------------------------===//

static std::string writeSealed(const Module &M) {
  std::string Bitcode;
  raw_string_ostream OS(Bitcode);
  WriteBitcodeToFile(M, OS);
  return seal(Bitcode);
}

static NewArchiveMember makeMember(const Twine &Name, const Module &M) {
  NewArchiveMember Member;
  Member.Buf = MemoryBuffer::getMemBufferCopy(writeSealed(M), Name);
  Member.MemberName = Member.Buf->getBufferIdentifier();
  return Member;
}

/// Makes the index of \p M, without facts of the archive.
static std::unique_ptr<Module> makeIndex(const Module &M) {
  std::unique_ptr<Module> Index = copyGroups(M, {});
  FeatureBaseline(M).set(*Index);
  Index->setModuleInlineAsm("");
  setPackedFacts(*Index, {std::string(64, '0'), std::string(32, '0'),
                          M.getModuleInlineAsm()});
  return Index;
}

/// Writes what is known of \p Archive only now into its index, \p Index.
static Error enterFacts(std::string &Archive, Module &Index) {
  MemoryBufferRef Buffer(Archive, "archive");
  Expected<PackedLibrary> Packed = PackedLibrary::open(Buffer);
  if (!Packed)
    return Packed.takeError();
  size_t Position = Packed->index().getBufferStart() - Archive.data();
  setPackedFacts(Index, {getDigest(Archive), Packed->symbolsHash(),
                         getPackedFacts(Index)->Assembly});
  std::string Content = writeSealed(Index);
  assert(Content.size() == Packed->index().getBufferSize() &&
         "facts of another length");
  Archive.replace(Position, Content.size(), Content);
  return Error::success();
}

/// Links the libraries \p Sources.
static Expected<std::unique_ptr<Module>>
readAndLink(ArrayRef<std::string> Sources, LLVMContext &Context) {
  std::unique_ptr<Module> Whole;
  for (const std::string &Source : Sources) {
    Expected<std::unique_ptr<Module>> M = readAll(Source, Context);
    if (!M)
      return M;
    if (Error E = linkInto(Whole, std::move(*M), Source))
      return E;
  }
  return Whole;
}

/// Refuses addresses of labels: CloneModule does not copy them right, and a
/// helper with one stays a call anyway.
static Error checkCanBeCopied(const Module &M) {
  for (const Function &F : M)
    for (const BasicBlock &Block : F)
      if (Block.hasAddressTaken())
        return makeError(DiagnosticCode::NotBitcode,
                         "'" + F.getName() +
                             "' has a label whose address is taken, which "
                             "cannot be packed",
                         "leave it out: such a helper always stays a call");
  return Error::success();
}

/// Removes llvm.used and its like, which no import brings along: they would
/// hold together what they name.
static void dropLists(Module &M) {
  for (GlobalVariable &GV : make_early_inc_range(M.globals()))
    if (GV.hasAppendingLinkage() && GV.use_empty())
      GV.eraseFromParent();
}

Error inline_helpers::pack(ArrayRef<std::string> Sources, StringRef Output) {
  LLVMContext Context;
  printDiagnostics(Context);
  Expected<std::unique_ptr<Module>> Whole = readAndLink(Sources, Context);
  if (!Whole)
    return Whole.takeError();
  Module &M = **Whole;
  if (Error E = checkCanBeCopied(M))
    return E;
  std::unique_ptr<Module> Index = makeIndex(M);
  std::vector<NewArchiveMember> Members;
  Members.push_back(makeMember(PackedIndexName, *Index));
  M.setModuleInlineAsm("");
  dropLists(M);
  std::vector<Group> Groups = findGroups(M);
  split(M, Groups, [&](const Module &Part, const Group &G) {
    const GlobalValue *Helper =
        *find_if(G, [](const GlobalValue *GV) { return isHelper(*GV); });
    Members.push_back(makeMember(Helper->getName() + ".bc", Part));
  });
  Expected<std::unique_ptr<MemoryBuffer>> Written = writeArchiveToBuffer(
      Members, SymtabWritingMode::NormalSymtab, object::Archive::K_GNU,
      /*Deterministic=*/true, /*Thin=*/false);
  if (!Written)
    return Written.takeError();
  std::string Archive = (*Written)->getBuffer().str();
  if (Error E = enterFacts(Archive, *Index))
    return E;
  if (Archive.size() > MaxFileSize)
    return makeError(DiagnosticCode::Unreadable,
                     "the library would be larger than 1 GiB", "divide it");
  return writeWholeFile(Output, Archive);
}
