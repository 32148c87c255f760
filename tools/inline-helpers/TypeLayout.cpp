//===- TypeLayout.cpp - Where a compiler puts the members of types --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TypeLayout.h"
#include "passes/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/DebugInfo/DWARF/DWARFDie.h"
#include "llvm/DebugInfo/DWARF/DWARFUnit.h"
#include "llvm/Object/ObjectFile.h"
#include <optional>
#include <set>

using namespace llvm;
using namespace inline_helpers;
using dwarf::toString;
using dwarf::toUnsigned;

//===----------------------------------------------------------------------===//
// One type
//===----------------------------------------------------------------------===//

static DWARFDie getType(DWARFDie Die) {
  return Die.getAttributeValueAsReferencedDie(dwarf::DW_AT_type);
}

/// Returns what \p Type is behind typedefs and qualifiers; void is no DIE.
static DWARFDie strip(DWARFDie Type) {
  while (Type &&
         is_contained({dwarf::DW_TAG_typedef, dwarf::DW_TAG_const_type,
                       dwarf::DW_TAG_volatile_type, dwarf::DW_TAG_restrict_type,
                       dwarf::DW_TAG_atomic_type},
                      Type.getTag()))
    Type = getType(Type);
  return Type;
}

static bool isAggregate(DWARFDie Type) {
  return Type && (Type.getTag() == dwarf::DW_TAG_structure_type ||
                  Type.getTag() == dwarf::DW_TAG_union_type);
}

/// Returns the constant \p Value, sign-extended if it is signed. The forms of a
/// fixed size are unsigned in both compilers; LLVM would read 255 as -1.
static uint64_t getConstant(const DWARFFormValue &Value) {
  if (Value.getForm() == dwarf::DW_FORM_sdata ||
      Value.getForm() == dwarf::DW_FORM_implicit_const)
    return Value.getAsSignedConstant().value_or(0);
  return Value.getRawUValue();
}

/// Returns how many elements one dimension of an array has; 0 for a flexible
/// one.
static uint64_t countElements(DWARFDie Dimension) {
  if (std::optional<DWARFFormValue> Count = Dimension.find(dwarf::DW_AT_count))
    return getConstant(*Count) == UINT64_MAX ? 0 : getConstant(*Count);
  // GCC has the last index, which is -1 for an array of no elements.
  if (std::optional<DWARFFormValue> Last =
          Dimension.find(dwarf::DW_AT_upper_bound))
    return getConstant(*Last) + 1;
  return 0;
}

/// Returns the size of \p Type in bytes. DWARFDie::getTypeSize would not do: to
/// it an array of 256 bytes has none, and a flexible one has one element.
static uint64_t getSize(DWARFDie Type) {
  Type = strip(Type);
  if (!Type)
    return 0;
  if (Type.getTag() == dwarf::DW_TAG_array_type) {
    uint64_t Size = getSize(getType(Type));
    for (DWARFDie Dimension : Type.children())
      if (Dimension.getTag() == dwarf::DW_TAG_subrange_type)
        Size *= countElements(Dimension);
    return Size;
  }
  uint64_t Default = Type.getTag() == dwarf::DW_TAG_pointer_type
                         ? Type.getDwarfUnit()->getAddressByteSize()
                         : 0;
  return toUnsigned(Type.find(dwarf::DW_AT_byte_size), Default);
}

/// Returns what \p Type, behind arrays too, holds: the compilers call the same
/// base type "unsigned long" and "long unsigned int", so its encoding counts.
static StringRef getKind(DWARFDie Type) {
  Type = strip(Type);
  while (Type && Type.getTag() == dwarf::DW_TAG_array_type)
    Type = strip(getType(Type));
  if (!Type)
    return "void";
  switch (Type.getTag()) {
  case dwarf::DW_TAG_structure_type:
    return "struct";
  case dwarf::DW_TAG_union_type:
    return "union";
  case dwarf::DW_TAG_enumeration_type:
    return "enum";
  case dwarf::DW_TAG_pointer_type:
    return "pointer";
  default:
    break;
  }
  switch (toUnsigned(Type.find(dwarf::DW_AT_encoding), 0)) {
  case dwarf::DW_ATE_boolean:
    return "boolean";
  case dwarf::DW_ATE_signed:
  case dwarf::DW_ATE_signed_char:
    return "signed";
  case dwarf::DW_ATE_unsigned:
  case dwarf::DW_ATE_unsigned_char:
    return "unsigned";
  case dwarf::DW_ATE_float:
    return "float";
  default:
    return "other";
  }
}

static std::string plural(uint64_t N, StringRef What) {
  return (utostr(N) + " " + What + (N == 1 ? "" : "s")).str();
}

/// Returns the size and kind of \p Type.
static std::string describe(DWARFDie Type) {
  return plural(getSize(Type), "byte") + ", " + getKind(Type).str();
}

/// Returns where the bit-field \p Member of \p Bits bits begins, counted from
/// the structure's beginning.
static uint64_t getBitOffset(DWARFDie Member, uint64_t Bits) {
  if (std::optional<DWARFFormValue> Offset =
          Member.find(dwarf::DW_AT_data_bit_offset))
    return getConstant(*Offset);
  uint64_t Start =
      8 * toUnsigned(Member.find(dwarf::DW_AT_data_member_location), 0);
  std::optional<uint64_t> Offset =
      toUnsigned(Member.find(dwarf::DW_AT_bit_offset));
  if (!Offset)
    return Start;
  // DWARF 4 counts from the most significant bit of the storage unit.
  if (!Member.getDwarfUnit()->getContext().isLittleEndian())
    return Start + *Offset;
  uint64_t Unit = 8 * toUnsigned(Member.find(dwarf::DW_AT_byte_size),
                                 getSize(getType(Member)));
  return Start + Unit - *Offset - Bits;
}

/// Adds the members of \p Aggregate, which stands \p Offset bytes from the
/// beginning, to \p Layout. Their names get \p Prefix.
static void addMembers(TypeLayout &Layout, DWARFDie Aggregate, uint64_t Offset,
                       const std::string &Prefix) {
  for (DWARFDie Member : Aggregate.children()) {
    if (Member.getTag() != dwarf::DW_TAG_member)
      continue;
    StringRef Name = toString(Member.find(dwarf::DW_AT_name), "");
    DWARFDie Type = getType(Member);
    if (std::optional<uint64_t> Bits =
            toUnsigned(Member.find(dwarf::DW_AT_bit_size))) {
      // Padding between bit-fields has no name.
      if (!Name.empty())
        Layout[Prefix + Name.str()] =
            plural(*Bits, "bit") + " at bit " +
            utostr(8 * Offset + getBitOffset(Member, *Bits)) + ", " +
            getKind(Type).str();
      continue;
    }
    uint64_t At =
        Offset + toUnsigned(Member.find(dwarf::DW_AT_data_member_location), 0);
    if (Name.empty()) {
      if (isAggregate(strip(Type)))
        addMembers(Layout, strip(Type), At, Prefix);
      continue;
    }
    Layout[Prefix + Name.str()] = plural(getSize(Type), "byte") + " at " +
                                  utostr(At) + ", " + getKind(Type).str();
    // A type without any name is compared here or nowhere.
    DWARFDie Element = Type;
    while (Element &&
           is_contained({dwarf::DW_TAG_array_type, dwarf::DW_TAG_const_type,
                         dwarf::DW_TAG_volatile_type},
                        Element.getTag()))
      Element = getType(Element);
    if (isAggregate(Element) && !Element.find(dwarf::DW_AT_name))
      addMembers(Layout, Element, At, Prefix + Name.str() + ".");
  }
}

static void addEnumerators(TypeLayout &Layout, DWARFDie Enum) {
  uint64_t Size = getSize(Enum);
  for (DWARFDie Enumerator : Enum.children()) {
    std::optional<DWARFFormValue> Value =
        Enumerator.find(dwarf::DW_AT_const_value);
    if (Enumerator.getTag() != dwarf::DW_TAG_enumerator || !Value)
      continue;
    uint64_t Bits = getConstant(*Value);
    if (Size < 8)
      Bits &= (uint64_t(1) << 8 * Size) - 1;
    Layout[toString(Enumerator.find(dwarf::DW_AT_name), "")] =
        "0x" + utohexstr(Bits, /*LowerCase=*/true);
  }
}

static TypeLayout getLayout(DWARFDie Type) {
  TypeLayout Layout;
  Layout[""] = describe(Type);
  if (isAggregate(Type))
    addMembers(Layout, Type, /*Offset=*/0, /*Prefix=*/"");
  else if (Type && Type.getTag() == dwarf::DW_TAG_enumeration_type)
    addEnumerators(Layout, Type);
  return Layout;
}

//===----------------------------------------------------------------------===//
// All types
//===----------------------------------------------------------------------===//

/// Returns the DIE with the members of \p Type, a typedef's: where the typedef
/// adds an attribute to a nameless type, GCC writes a second DIE without them.
static DWARFDie getOriginal(DWARFDie Type) {
  if (!isAggregate(Type) || Type.hasChildren())
    return Type;
  auto IsTheSame = [Type](DWARFDie Die) {
    return Die.getTag() == Type.getTag() && Die.hasChildren() &&
           !Die.find(dwarf::DW_AT_name) &&
           all_of(ArrayRef({dwarf::DW_AT_byte_size, dwarf::DW_AT_decl_file,
                            dwarf::DW_AT_decl_line, dwarf::DW_AT_decl_column}),
                  [&](dwarf::Attribute A) {
                    return toUnsigned(Die.find(A)) == toUnsigned(Type.find(A));
                  });
  };
  for (DWARFDie Die : Type.getParent().children())
    if (IsTheSame(Die))
      return Die;
  return Type;
}

/// Adds \p Die to \p Types if it defines a type that has a name.
static void addType(ObjectTypes &Types, DWARFDie Die) {
  StringRef Name = toString(Die.find(dwarf::DW_AT_name), "");
  if (Name.empty() || Die.find(dwarf::DW_AT_declaration))
    return;
  DWARFDie Type = Die;
  std::string Key = Name.str();
  switch (Die.getTag()) {
  case dwarf::DW_TAG_structure_type:
  case dwarf::DW_TAG_union_type:
  case dwarf::DW_TAG_enumeration_type:
    Key = (getKind(Die) + " " + Name).str();
    break;
  case dwarf::DW_TAG_typedef:
    // What the type of a name has inside is compared under that name, and of an
    // incomplete type there is nothing to compare.
    Type = strip(Die);
    if (Type && Type.find(dwarf::DW_AT_declaration))
      return;
    if (Type && Type.find(dwarf::DW_AT_name)) {
      Types.Types[Key][""] = describe(Type);
      return;
    }
    Type = getOriginal(Type);
    break;
  default:
    return;
  }
  Types.Types.emplace(Key, getLayout(Type));
}

static Error layoutError(StringRef Path, Error E) {
  return makeError(DiagnosticCode::Damaged,
                   "the object file '" + Path + "': " + toString(std::move(E)),
                   "report it with the compiler's version");
}

Expected<ObjectTypes> inline_helpers::readTypes(StringRef Path) {
  Expected<object::OwningBinary<object::ObjectFile>> Object =
      object::ObjectFile::createObjectFile(Path);
  if (!Object)
    return layoutError(Path, Object.takeError());
  Error Problem = Error::success();
  auto Collect = [&Problem](Error E) {
    Problem = joinErrors(std::move(Problem), std::move(E));
  };
  std::unique_ptr<DWARFContext> Context = DWARFContext::create(
      *Object->getBinary(), DWARFContext::ProcessDebugRelocations::Process,
      /*L=*/nullptr,
      /*DWPName=*/"", Collect, Collect);
  ObjectTypes Types;
  for (const std::unique_ptr<DWARFUnit> &Unit : Context->compile_units()) {
    DWARFDie Root = Unit->getUnitDIE(/*ExtractUnitDIEOnly=*/false);
    if (!Root)
      continue;
    Types.Producer = toString(Root.find(dwarf::DW_AT_producer), "");
    for (DWARFDie Die : Root.children())
      addType(Types, Die);
  }
  if (Problem)
    return layoutError(Path, std::move(Problem));
  return Types;
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

LayoutComparison inline_helpers::compareTypes(const ObjectTypes &First,
                                              const ObjectTypes &Second) {
  LayoutComparison Result;
  for (const auto &[Name, Layout] : First.Types) {
    auto Other = Second.Types.find(Name);
    if (Other == Second.Types.end()) {
      ++Result.OnlyOne;
      continue;
    }
    ++Result.Types;
    std::set<std::string> Members;
    for (const TypeLayout *L : {&Layout, &Other->second})
      for (const auto &Member : *L)
        Members.insert(Member.first);
    Result.Members += Members.size() - 1;
    for (const std::string &Member : Members) {
      auto Find = [&Member](const TypeLayout &L) {
        auto Found = L.find(Member);
        return Found == L.end() ? std::string() : Found->second;
      };
      std::string A = Find(Layout), B = Find(Other->second);
      if (A != B)
        Result.Differences.push_back({Name, Member, A, B});
    }
  }
  for (const auto &Type : Second.Types)
    Result.OnlyOne += First.Types.count(Type.first) == 0;
  return Result;
}
