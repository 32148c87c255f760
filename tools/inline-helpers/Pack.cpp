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
  std::unique_ptr<Module> Copy = copyGroups(M, Groups);
  if (Groups.size() == 1)
    return Use(*Copy, Groups.front());
  size_t Half = Groups.size() / 2;
  split(*Copy, Groups.take_front(Half), Use);
  split(*Copy, Groups.drop_front(Half), Use);
}

//===----------------------------------------------------------------------===//
// Archive
//===----------------------------------------------------------------------===//

static std::string writeSealed(const Module &M) {
  return seal(writeBitcode(M));
}

static NewArchiveMember makeMember(const Twine &Name, StringRef Content) {
  NewArchiveMember Member;
  Member.Buf = MemoryBuffer::getMemBufferCopy(Content, Name);
  Member.MemberName = Member.Buf->getBufferIdentifier();
  return Member;
}

/// Makes the index of \p M, without facts of the archive.
static std::unique_ptr<Module> makeIndex(const Module &M,
                                         const FeatureBaseline &Baseline) {
  std::unique_ptr<Module> Index = copyGroups(M, {});
  Baseline.set(*Index);
  Index->setModuleInlineAsm("");
  setPackedFacts(*Index, {std::string(64, '0'), M.getModuleInlineAsm()});
  return Index;
}

namespace {
/// The helpers of each module, by their names.
using HelperNames = std::vector<std::vector<std::string>>;
} // namespace

/// Returns where \p Archive has each of \p Helpers, whose modules are its last
/// members.
static Expected<std::vector<PackedPlace>>
findPlaces(const object::Archive &Archive, const HelperNames &Helpers) {
  const char *Start = Archive.getMemoryBufferRef().getBufferStart();
  Error E = Error::success();
  auto Member = Archive.child_begin(E);
  ++ ++Member;
  std::vector<PackedPlace> Places;
  for (const std::vector<std::string> &Names : Helpers) {
    Expected<StringRef> Content = Member->getBuffer();
    if (!Content) {
      consumeError(std::move(E));
      return Content.takeError();
    }
    for (StringRef Name : Names)
      Places.push_back(
          {Name, uint32_t(Content->data() - Start), uint32_t(Content->size())});
    ++Member;
  }
  if (E)
    return E;
  return Places;
}

/// Replaces the content of \p Member in \p Archive, its file, by \p Content.
static Error replace(std::string &Archive, const object::Archive::Child &Member,
                     StringRef Content) {
  Expected<StringRef> Old = Member.getBuffer();
  if (!Old)
    return Old.takeError();
  assert(Old->size() == Content.size() && "a member of another size");
  Archive.replace(Old->data() - Archive.data(), Content.size(), Content.str());
  return Error::success();
}

/// Writes what is known of \p Text, the archive, only now into its first two
/// members, \p Index and the places of \p Helpers.
static Error enterFacts(std::string &Text, Module &Index,
                        const HelperNames &Helpers) {
  Expected<std::unique_ptr<object::Archive>> Archive =
      object::Archive::create(MemoryBufferRef(Text, "archive"));
  if (!Archive)
    return Archive.takeError();
  Expected<std::vector<PackedPlace>> Places = findPlaces(**Archive, Helpers);
  if (!Places)
    return Places.takeError();
  Error E = Error::success();
  auto Member = (*Archive)->child_begin(E);
  object::Archive::Child First = *Member, Second = *++Member;
  if (E)
    return E;
  if (Error Failure = replace(Text, Second, writePlaces(std::move(*Places))))
    return Failure;
  setPackedFacts(Index, {getDigest(Text), getPackedFacts(Index)->Assembly});
  return replace(Text, First, writeSealed(Index));
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
  FeatureBaseline Baseline(M);
  std::unique_ptr<Module> Index = makeIndex(M, Baseline);
  Baseline.dropTargets(M);
  M.setModuleInlineAsm("");
  dropLists(M);
  std::vector<Group> Groups = findGroups(M);
  HelperNames Helpers;
  std::vector<PackedPlace> Places;
  for (const Group &G : Groups) {
    std::vector<std::string> &Names = Helpers.emplace_back();
    for (const GlobalValue *GV : G)
      if (isHelper(*GV)) {
        Names.push_back(GV->getName().str());
        Places.push_back({GV->getName(), 0, 0});
      }
  }
  std::vector<NewArchiveMember> Members;
  Members.push_back(makeMember(PackedIndexName, writeSealed(*Index)));
  Members.push_back(makeMember(PackedPlacesName, writePlaces(Places)));
  split(M, Groups, [&](const Module &Part, const Group &) {
    StringRef Name = Helpers[Members.size() - 2].front();
    Members.push_back(makeMember(Name + ".bc", writeSealed(Part)));
  });
  Expected<std::unique_ptr<MemoryBuffer>> Written = writeArchiveToBuffer(
      Members, SymtabWritingMode::NormalSymtab, object::Archive::K_GNU,
      /*Deterministic=*/true, /*Thin=*/false);
  if (!Written)
    return Written.takeError();
  std::string Archive = (*Written)->getBuffer().str();
  if (Error E = enterFacts(Archive, *Index, Helpers))
    return E;
  if (Archive.size() > MaxFileSize)
    return makeError(DiagnosticCode::Unreadable,
                     "the library would be larger than 1 GiB", "divide it");
  return writeWholeFile(Output, Archive);
}
