//===- CompatibilityRulesTest.cpp -----------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/CompatibilityRules.h"
#include "Testing.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace inline_helpers;

//===----------------------------------------------------------------------===//
// The table against LLVM's own lists
//===----------------------------------------------------------------------===//

namespace {
/// The rows of the attribute sections, and of the sections together.
struct Table {
  StringSet<> Functions, Parameters, Results, Variables;
  std::vector<std::string> Twice;

  Table() {
    auto Add = [&](StringSet<> &Section, StringRef Name) {
      if (!Section.insert(Name).second)
        Twice.push_back(Name.str());
    };
#define FUNCTION_ATTRIBUTE(Rule, Name) Add(Functions, Name);
#define PARAMETER_ATTRIBUTE(Rule, Name) Add(Parameters, Name);
#define RESULT_ATTRIBUTE(Rule, Name) Add(Results, Name);
#define VARIABLE_ATTRIBUTE(Rule, Name) Add(Variables, Name);
#include "passes/CompatibilityRules.def"
    StringSet<> Flags, Features;
#define MODULE_FLAG(Rule, Name) Add(Flags, Name);
#define BASE_FEATURE(Name) Add(Features, Name);
#include "passes/CompatibilityRules.def"
  }
};

/// Counts what of LLVM's lists has a row, and prints it.
class Coverage {
public:
  explicit Coverage(StringRef What) : What(What.str()) {}
  ~Coverage() {
    outs() << "LLVM " << LLVM_VERSION_MAJOR << ": " << All - Missing.size()
           << " of " << All << " " << What << " have a rule\n";
    EXPECT_GT(All, 0u);
    EXPECT_EQ(join(Missing, " "), "");
  }
  void check(const StringSet<> &Section, StringRef Name) {
    ++All;
    if (!Section.contains(Name))
      Missing.push_back(Name.str());
  }

private:
  std::string What;
  unsigned All = 0;
  std::vector<std::string> Missing;
};
} // namespace

TEST(CompatibilityRules, EveryEnumAttributeHasARuleInEveryPosition) {
  Table T;
  Coverage Functions("function attributes"), Parameters("parameter attributes"),
      Results("result attributes");
  for (unsigned Kind = Attribute::None + 1; Kind != Attribute::EndAttrKinds;
       ++Kind) {
    auto AttrKind = static_cast<Attribute::AttrKind>(Kind);
    StringRef Name = Attribute::getNameFromAttrKind(AttrKind);
    // Every kind is of some position: none escapes the walk.
    EXPECT_TRUE(Attribute::canUseAsFnAttr(AttrKind) ||
                Attribute::canUseAsParamAttr(AttrKind) ||
                Attribute::canUseAsRetAttr(AttrKind))
        << Name.str();
    if (Attribute::canUseAsFnAttr(AttrKind))
      Functions.check(T.Functions, Name);
    if (Attribute::canUseAsParamAttr(AttrKind))
      Parameters.check(T.Parameters, Name);
    if (Attribute::canUseAsRetAttr(AttrKind))
      Results.check(T.Results, Name);
  }
}

TEST(CompatibilityRules, EveryStringAttributeOfLLVMHasARule) {
  Table T;
  Coverage Strings("string attributes of Attributes.td");
#define GET_ATTR_NAMES
#define ATTRIBUTE_ENUM(Enum, Name)
#define ATTRIBUTE_STRBOOL(Enum, Name) Strings.check(T.Functions, #Name);
#define ATTRIBUTE_COMPLEXSTR(Enum, Name) Strings.check(T.Functions, #Name);
#include "llvm/IR/Attributes.inc"
}

TEST(CompatibilityRules, NothingIsListedTwice) {
  EXPECT_EQ(join(Table().Twice, " "), "");
}

// Parameters and results have no string attributes in the table, so that a name
// without meaning is a mistake.
TEST(CompatibilityRules, NoRowNamesNothing) {
  // What LLVM 19 and LLVM 22 do not both have.
#if LLVM_VERSION_MAJOR >= 22
  static constexpr StringLiteral OfTheOther[] = {"nocapture"};
#else
  static constexpr StringLiteral OfTheOther[] = {"captures", "dead_on_return",
                                                 "noext"};
#endif
  for (StringRef Name : OfTheOther)
    EXPECT_EQ(Attribute::getAttrKindFromName(Name), Attribute::None)
        << Name.str();
  auto Check = [&](const StringSet<> &Section,
                   bool (*CanUse)(Attribute::AttrKind)) {
    EXPECT_FALSE(Section.empty());
    for (const auto &Row : Section) {
      StringRef Name = Row.getKey();
      Attribute::AttrKind Kind = Attribute::getAttrKindFromName(Name);
      // LLVM 19 has it for functions alone.
      if (LLVM_VERSION_MAJOR < 22 && Name == "alignstack")
        continue;
      EXPECT_TRUE(Kind == Attribute::None ? is_contained(OfTheOther, Name)
                                          : CanUse(Kind))
          << Name.str();
    }
  };
  Table T;
  Check(T.Parameters, Attribute::canUseAsParamAttr);
  Check(T.Results, Attribute::canUseAsRetAttr);
  for (const auto &Row : T.Functions) {
    Attribute::AttrKind Kind = Attribute::getAttrKindFromName(Row.getKey());
    EXPECT_TRUE(Kind == Attribute::None || Attribute::canUseAsFnAttr(Kind))
        << Row.getKey().str();
  }
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

TEST(CompatibilityRules, RulesOfAttributes) {
  auto OfFunction = [](StringRef Name) {
    return getAttributeRule(AttributePosition::Function, Name);
  };
  EXPECT_EQ(OfFunction("nounwind"), AttributeRule::Keep);
  EXPECT_EQ(OfFunction("frame-pointer"), AttributeRule::Adapt);
  EXPECT_EQ(OfFunction("sanitize_address"), AttributeRule::Agree);
  EXPECT_EQ(OfFunction("aarch64_new_za"), AttributeRule::Neither);
  EXPECT_EQ(OfFunction("returns_twice"), AttributeRule::Refuse);
  EXPECT_EQ(OfFunction("target-cpu"), AttributeRule::Special);
  EXPECT_EQ(OfFunction("no-builtin-memcpy"), AttributeRule::Special);
  EXPECT_EQ(OfFunction("made-in-the-future"), AttributeRule::Refuse);
  EXPECT_EQ(OfFunction(""), AttributeRule::Refuse);
}

TEST(CompatibilityRules, TheRuleDependsOnThePosition) {
  auto Rule = [](AttributePosition Position, StringRef Name) {
    return getAttributeRule(Position, Name);
  };
  EXPECT_EQ(Rule(AttributePosition::Parameter, "signext"),
            AttributeRule::Signature);
  EXPECT_EQ(Rule(AttributePosition::Result, "signext"),
            AttributeRule::Signature);
  EXPECT_EQ(Rule(AttributePosition::Function, "signext"),
            AttributeRule::Refuse);
  EXPECT_EQ(Rule(AttributePosition::Function, "alignstack"),
            AttributeRule::Refuse);
  EXPECT_EQ(Rule(AttributePosition::Parameter, "alignstack"),
            AttributeRule::Signature);
  EXPECT_EQ(Rule(AttributePosition::Parameter, "no-builtin-memcpy"),
            AttributeRule::Refuse);
}

/// Returns what \p Found says, or "".
static std::string text(const std::optional<Left> &Found) {
  return Found ? (getReasonName(Found->Reason) + " " + Found->Detail).str()
               : "";
}

/// Judges the attributes of @helper in \p IR.
static std::string judgeHelper(StringRef IR) {
  LLVMContext Context;
  return text(judgeAttributes(*parseIR(Context, IR)->getFunction("helper")));
}

TEST(CompatibilityRules, RefusedAttributesInEachPosition) {
  EXPECT_EQ(judgeHelper("define void @helper(ptr noundef readonly %p) nounwind "
                        "\"no-trapping-math\"=\"true\" { ret void }"),
            "");
  EXPECT_EQ(judgeHelper("define void @helper() noduplicate { ret void }"),
            "attribute noduplicate");
  EXPECT_EQ(judgeHelper("define void @helper() \"unknown\" { ret void }"),
            "attribute unknown");
  EXPECT_EQ(
      judgeHelper("define void @helper() \"aarch64_new_za\" { ret void }"),
      "attribute aarch64_new_za");
  EXPECT_EQ(
      judgeHelper("define void @helper(i32 %x, ptr swiftself %p) { ret void }"),
      "attribute swiftself");
  EXPECT_EQ(judgeHelper("define void @helper(i32 \"unknown\" %x) { ret void }"),
            "attribute unknown");
  EXPECT_EQ(judgeHelper("define \"unknown\" i32 @helper() { ret i32 0 }"),
            "attribute unknown");
  EXPECT_EQ(judgeHelper("define void @helper(ptr %f) {\n"
                        "  call void %f() \"aarch64_inout_za\"\n"
                        "  ret void\n"
                        "}"),
            "attribute aarch64_inout_za");
  EXPECT_EQ(judgeHelper("define void @helper(ptr %f) {\n"
                        "  call void %f() \"trap-func-name\"=\"oops\"\n"
                        "  ret void\n"
                        "}"),
            "");
}

TEST(CompatibilityRules, EveryAttributeOfVariablesFollowsItsRule) {
  auto Judge = [](const Twine &Attributes) {
    LLVMContext Context;
    std::unique_ptr<Module> M =
        parseIR(Context, ("@v = constant i32 7" + Attributes).str());
    return text(judgeAttributes(*M->getNamedGlobal("v")));
  };
  const std::pair<AttributeRule, StringRef> Rows[] = {
#define VARIABLE_ATTRIBUTE(Rule, Name) {AttributeRule::Rule, Name},
#include "passes/CompatibilityRules.def"
  };
  for (const auto &[Rule, Name] : Rows) {
    // Marks for sanitizers are words, and the other attributes are strings.
    std::string Text =
        Name.contains("sanitize")
            ? (", " + Name).str()
            : (" #0\nattributes #0 = { \"" + Name + "\" }").str();
    EXPECT_EQ(Judge(Text),
              Rule == AttributeRule::Refuse ? ("attribute " + Name).str() : "")
        << Name.str();
  }
  EXPECT_EQ(Judge(""), "");
  EXPECT_EQ(Judge(" #0\nattributes #0 = { \"made-in-the-future\" }"),
            "attribute made-in-the-future");
}

/// Judges a function with the attributes \p Ours in a caller with \p Theirs.
static std::string agree(StringRef Ours, StringRef Theirs) {
  LLVMContext Context;
  std::unique_ptr<Module> M =
      parseIR(Context, ("define void @helper() " + Ours +
                        " { ret void }\ndefine void @caller() " + Theirs +
                        " { ret void }\n")
                           .str());
  return text(
      judgeAgreement(*M->getFunction("helper"), *M->getFunction("caller")));
}

TEST(CompatibilityRules, EveryAttributeThatMustAgreeDoes) {
  const std::pair<AttributeRule, StringRef> Rows[] = {
#define FUNCTION_ATTRIBUTE(Rule, Name) {AttributeRule::Rule, Name},
#include "passes/CompatibilityRules.def"
  };
  unsigned Checked = 0;
  for (const auto &[Rule, Name] : Rows) {
    if (Rule != AttributeRule::Agree && Rule != AttributeRule::Neither)
      continue;
    // Those this LLVM does not know are spelled as strings.
    Attribute::AttrKind Kind = Attribute::getAttrKindFromName(Name);
    std::string Text =
        Kind != Attribute::None ? Name.str() : ("\"" + Name + "\"=\"x\"").str();
    std::string Mismatch = ("attribute-mismatch " + Name).str();
    EXPECT_EQ(agree("", Text), Mismatch);
    if (Rule == AttributeRule::Agree) {
      EXPECT_EQ(agree(Text, ""), Mismatch);
      EXPECT_EQ(agree(Text, Text), "") << Text;
    } else {
      EXPECT_EQ(agree(Text, Text), Mismatch);
    }
    ++Checked;
  }
  EXPECT_GT(Checked, 0u);
}

TEST(CompatibilityRules, OtherAttributesNeedNotAgree) {
  EXPECT_EQ(agree("sspstrong", ""), "");
  EXPECT_EQ(agree("", "sspstrong"), "");
  EXPECT_EQ(agree("", "\"made-in-the-future\""), "");
  EXPECT_EQ(agree("vscale_range(1,16)", ""), "");
}

TEST(CompatibilityRules, StackProtectorsAreNotLost) {
  LLVMContext Context;
  auto Agree = [&](StringRef Ours, StringRef Theirs, StringRef Variable) {
    std::unique_ptr<Module> M =
        parseIR(Context, ("declare void @fill(ptr)\ndefine void @helper() " +
                          Ours + " {\n  %v = alloca " + Variable +
                          "\n  call void @fill(ptr %v)\n  ret void\n}\n"
                          "define void @caller() " +
                          Theirs + " { ret void }\n")
                             .str());
    return text(
        judgeAgreement(*M->getFunction("helper"), *M->getFunction("caller")));
  };
  StringRef Lost = "attribute-mismatch stack protector";
  EXPECT_EQ(Agree("sspstrong", "", "i32"), Lost);
  EXPECT_EQ(Agree("sspstrong", "ssp", "i32"), Lost);
  EXPECT_EQ(Agree("sspstrong", "sspstrong", "i32"), "");
  EXPECT_EQ(Agree("sspstrong", "sspreq", "i32"), "");
  EXPECT_EQ(Agree("ssp", "", "[8 x i8]"), Lost);
  EXPECT_EQ(Agree("ssp", "ssp", "[8 x i8]"), "");
  // What the C side does not protect itself.
  EXPECT_EQ(Agree("ssp", "", "i32"), "");
  EXPECT_EQ(Agree("", "", "[8 x i8]"), "");
  EXPECT_EQ(Agree("", "sspstrong", "[8 x i8]"), "");
  EXPECT_EQ(Agree("sspreq", "sspstrong", "i32"), Lost);
  // A function without local variables has none to protect.
  EXPECT_EQ(agree("sspreq", ""), "");
}

TEST(CompatibilityRules, NoImplicitFloatBindsCallersWithFloatRegisters) {
  StringRef Ours = "noimplicitfloat";
  EXPECT_EQ(agree(Ours, ""), "attribute-mismatch noimplicitfloat");
  EXPECT_EQ(agree(Ours, "\"target-features\"=\"-sse,+neon\""),
            "attribute-mismatch noimplicitfloat");
  EXPECT_EQ(agree(Ours, "\"target-features\"=\"-sse,+soft-float\""), "");
  EXPECT_EQ(agree(Ours, "\"target-features\"=\"+v8a,-neon\""), "");
  EXPECT_EQ(agree(Ours, Ours), "");
  EXPECT_EQ(agree("", Ours), "");
}

TEST(CompatibilityRules, DenormalsAreComparedAsModes) {
  StringRef IEEE = "\"denormal-fp-math\"=\"ieee,ieee\"";
  StringRef Flushed = "\"denormal-fp-math\"=\"preserve-sign,preserve-sign\"";
  StringRef FlushedF32 =
      "\"denormal-fp-math-f32\"=\"preserve-sign,preserve-sign\"";
  EXPECT_EQ(agree(IEEE, ""), "");
  EXPECT_EQ(agree(Flushed, ""), "attribute-mismatch denormal-fp-math");
  EXPECT_EQ(agree("", Flushed), "attribute-mismatch denormal-fp-math");
  EXPECT_EQ(agree(FlushedF32, ""), "attribute-mismatch denormal-fp-math");
  EXPECT_EQ(agree((Flushed + " " + FlushedF32).str(), FlushedF32),
            "attribute-mismatch denormal-fp-math");
  EXPECT_EQ(agree(Flushed, Flushed), "");
}

//===----------------------------------------------------------------------===//
// Module flags
//===----------------------------------------------------------------------===//

/// Judges a library and a crate with one module flag each; \p Ours and \p
/// Theirs are its values, "" where it is not there.
static std::string judgeFlag(StringRef Name, StringRef Ours, StringRef Theirs) {
  LLVMContext Context;
  auto Make = [&](StringRef Value) {
    if (Value.empty())
      return std::make_unique<Module>("empty", Context);
    return parseIR(Context, ("!llvm.module.flags = !{!0}\n!0 = !{i32 2, !\"" +
                             Name + "\", " + Value + "}\n")
                                .str());
  };
  std::unique_ptr<Module> Library = Make(Ours), Crate = Make(Theirs);
  return text(judgeModuleFlags(*Library, *Crate));
}

TEST(CompatibilityRules, EveryModuleFlagFollowsItsRule) {
  const std::pair<ModuleFlagRule, StringRef> Rows[] = {
#define MODULE_FLAG(Rule, Name) {ModuleFlagRule::Rule, Name},
#include "passes/CompatibilityRules.def"
  };
  for (const auto &[Rule, Name] : Rows) {
    EXPECT_EQ(getModuleFlagRule(Name), Rule);
    std::string Mismatch = ("module-flag-mismatch " + Name).str();
    std::string Refused = ("module-flag " + Name).str();
    // Ours, theirs, and what each rule says.
    struct {
      StringRef Ours, Theirs;
      std::string Agree, Equal, NoConflict, Refuse;
    } Cases[] = {
        {"i32 1", "", Mismatch, Mismatch, "", Refused},
        {"", "i32 1", Mismatch, Mismatch, "", Refused},
        {"i32 1", "i32 2", "", Mismatch, Mismatch, Refused},
        {"i32 1", "i8 1", "", "", "", Refused},
        {"i32 0", "", "", "", "", ""},
        {"!\"a\"", "!\"b\"", "", Mismatch, Mismatch, Refused},
        {"!\"a\"", "!\"a\"", "", "", "", Refused},
    };
    for (const auto &C : Cases) {
      std::string Expected;
      switch (Rule) {
      case ModuleFlagRule::Neutral:
      case ModuleFlagRule::Adopt:
        break;
      case ModuleFlagRule::Agree:
        Expected = C.Agree;
        break;
      case ModuleFlagRule::Equal:
        Expected = C.Equal;
        break;
      case ModuleFlagRule::NoConflict:
        Expected = C.NoConflict;
        break;
      case ModuleFlagRule::Refuse:
        Expected = C.Refuse;
        break;
      }
      EXPECT_EQ(judgeFlag(Name, C.Ours, C.Theirs), Expected)
          << Name.str() << ": " << C.Ours.str() << " and " << C.Theirs.str();
    }
  }
}

TEST(CompatibilityRules, UnknownModuleFlagsCountInTheLibrary) {
  EXPECT_EQ(getModuleFlagRule("made-in-the-future"), std::nullopt);
  EXPECT_EQ(judgeFlag("made-in-the-future", "i32 1", "i32 1"),
            "module-flag made-in-the-future");
  EXPECT_EQ(judgeFlag("made-in-the-future", "", "i32 1"), "");
}

//===----------------------------------------------------------------------===//
// Linkages
//===----------------------------------------------------------------------===//

TEST(CompatibilityRules, EveryLinkageHasARule) {
  unsigned Rows = 0;
#define LINKAGE(Linkage, AsHelper, AsReached) ++Rows;
#include "passes/CompatibilityRules.def"
  unsigned All = 0;
  for (unsigned Index = GlobalValue::ExternalLinkage;
       Index <= GlobalValue::CommonLinkage; ++Index, ++All) {
    auto Linkage = static_cast<GlobalValue::LinkageTypes>(Index);
    // What other modules do not see is copied, and nothing else is.
    EXPECT_EQ(GlobalValue::isLocalLinkage(Linkage),
              getReachedLinkage(Linkage) == ReachedLinkage::Copy);
    // What the linker may replace is not imported.
    EXPECT_FALSE(GlobalValue::isInterposableLinkage(Linkage) &&
                 getHelperLinkage(Linkage) == HelperLinkage::Import);
    if (GlobalValue::isLocalLinkage(Linkage) ||
        GlobalValue::isExternalWeakLinkage(Linkage)) {
      EXPECT_EQ(getHelperLinkage(Linkage), HelperLinkage::Unseen);
    }
  }
  outs() << Rows << " of " << All << " linkages have a rule\n";
  EXPECT_EQ(Rows, All);
}
