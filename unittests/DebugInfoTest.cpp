//===- DebugInfoTest.cpp --------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/DebugInfo.h"
#include "Testing.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral Shared = R"(
!llvm.module.flags = !{!1}
!1 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !{!4})
!4 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
)";

static constexpr StringLiteral Library = R"(
@table = constant i32 7, !dbg !40

declare !dbg !50 void @out(i32)

define void @helper(i32 %x) !dbg !30 {
  call void @out(i32 %x), !dbg !31
  br label %loop
loop:
  %c = load volatile i1, ptr @table, !dbg !33
  br i1 %c, label %loop, label %end, !dbg !31, !llvm.loop !36
end:
  ret void, !dbg !31
}

define internal void @quiet() !dbg !44 {
  ret void
}

!llvm.dbg.cu = !{!20}
!20 = distinct !DICompileUnit(language: DW_LANG_C11, file: !21, emissionKind: FullDebug, retainedTypes: !{!4}, globals: !{!40})
!21 = !DIFile(filename: "helpers.c", directory: "/c")
!30 = distinct !DISubprogram(name: "helper", scope: !21, file: !21, line: 10, type: !3, scopeLine: 10, spFlags: DISPFlagDefinition, unit: !20, retainedNodes: !{!35})
!31 = !DILocation(line: 11, column: 3, scope: !30)
!32 = distinct !DISubprogram(name: "nested", scope: !21, file: !21, line: 2, type: !3, scopeLine: 2, spFlags: DISPFlagLocalToUnit | DISPFlagDefinition, unit: !20)
!33 = !DILocation(line: 3, column: 3, scope: !34, inlinedAt: !42)
!34 = distinct !DILexicalBlock(scope: !32, file: !21, line: 3, column: 2)
!35 = !DILocalVariable(name: "x", arg: 1, scope: !30, file: !21, line: 10, type: !4)
!36 = distinct !{!36, !37, !37}
!37 = !DILocation(line: 8, column: 3, scope: !38, inlinedAt: !31)
!38 = distinct !DISubprogram(name: "looping", scope: !21, file: !21, line: 7, type: !3, scopeLine: 7, spFlags: DISPFlagLocalToUnit | DISPFlagDefinition, unit: !20)
!40 = !DIGlobalVariableExpression(var: !41, expr: !DIExpression())
!41 = distinct !DIGlobalVariable(name: "table", scope: !20, file: !21, line: 1, type: !4, isLocal: false, isDefinition: true)
!42 = !DILocation(line: 5, column: 3, scope: !43, inlinedAt: !31)
!43 = distinct !DISubprogram(name: "middle", scope: !21, file: !21, line: 4, type: !3, scopeLine: 4, spFlags: DISPFlagLocalToUnit | DISPFlagDefinition, unit: !20)
!44 = distinct !DISubprogram(name: "quiet", scope: !21, file: !21, line: 6, type: !3, scopeLine: 6, spFlags: DISPFlagLocalToUnit | DISPFlagDefinition, unit: !20)
!50 = !DISubprogram(name: "out", scope: !21, file: !21, line: 5, type: !3, spFlags: 0)
)";

static constexpr StringLiteral Crate = R"(
declare void @helper(i32)

define void @caller(i32 %x) !dbg !10 {
  call void @helper(i32 %x)
  call void @helper(i32 %x), !dbg !11
  ret void
}

define void @bare(i32 %x) {
  call void @helper(i32 %x)
  ret void
}

!llvm.dbg.cu = !{!5, !6}
!5 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !7, emissionKind: FullDebug)
!6 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !8, emissionKind: FullDebug)
!7 = !DIFile(filename: "first.rs", directory: "/src")
!8 = !DIFile(filename: "second.rs", directory: "/src")
!10 = distinct !DISubprogram(name: "caller", scope: !8, file: !8, line: 20, type: !3, scopeLine: 20, spFlags: DISPFlagDefinition, unit: !6)
!11 = !DILocation(line: 21, column: 9, scope: !10)
)";

namespace {
/// A library and a crate in one context.
class DebugInfo : public testing::Test {
protected:
  void adapt(DebugInfoKind Kind) {
    HelperClosure Closure;
    Closure.Helper = Source->getFunction("helper");
    Closure.Locals.insert(Source->getFunction("quiet"));
    adaptDebugInfo(*Source, Closure, *M, Kind);
  }

  LLVMContext Context;
  std::unique_ptr<Module> Source = parseIR(Context, (Library + Shared).str());
  std::unique_ptr<Module> M = parseIR(Context, (Crate + Shared).str());
};
} // namespace

static StringRef getUnitFile(const DISubprogram *SP) {
  return SP->getUnit()->getFilename();
}

TEST_F(DebugInfo, Strip) {
  adapt(DebugInfoKind::Strip);
  EXPECT_EQ(print(*Source).find("!DI"), std::string::npos);
}

TEST_F(DebugInfo, CrateWithout) {
  StripDebugInfo(*M);
  adapt(DebugInfoKind::Lines);
  EXPECT_EQ(print(*Source).find("!DI"), std::string::npos);
}

TEST_F(DebugInfo, OtherVersion) {
  Source->getModuleFlagsMetadata()->clearOperands();
  Source->addModuleFlag(Module::Warning, "Debug Info Version", 2u);
  adapt(DebugInfoKind::Lines);
  EXPECT_EQ(print(*Source).find("!DI"), std::string::npos);
}

TEST_F(DebugInfo, InvalidIsLeftOutWithAWarning) {
  std::string Text;
  Context.setDiagnosticHandlerCallBack(
      [](const DiagnosticInfo *Info, void *Out) {
        EXPECT_EQ(Info->getSeverity(), DS_Warning);
        raw_string_ostream OS(*static_cast<std::string *>(Out));
        DiagnosticPrinterRawOStream Printer(OS);
        Info->print(Printer);
      },
      &Text);
  Function *Helper = Source->getFunction("helper");
  Helper->front().front().setDebugLoc(
      M->getFunction("caller")->front().back().getPrevNode()->getDebugLoc());
  adapt(DebugInfoKind::Lines);
  EXPECT_NE(Text.find("is not valid and is left out"), std::string::npos);
  EXPECT_EQ(print(*Source).find("!DI"), std::string::npos);
}

TEST_F(DebugInfo, LinesAreOfTheCallersUnit) {
  adapt(DebugInfoKind::Lines);
  // As Import.cpp does.
  Source->eraseNamedMetadata(Source->getNamedMetadata("llvm.dbg.cu"));

  std::string Text = print(*Source);
  for (StringRef Gone : {"DW_LANG_C11", "DIBasicType", "DILocalVariable",
                         "DIGlobalVariable", "\"out\""})
    EXPECT_EQ(Text.find(Gone), std::string::npos) << Gone.str();
  EXPECT_EQ(Source->getFunction("out")->getSubprogram(), nullptr);

  Function *Helper = Source->getFunction("helper");
  EXPECT_EQ(getUnitFile(Helper->getSubprogram()), "second.rs");
  Instruction *Load = &Helper->back().getPrevNode()->front();
  const DILocation *Nested = Load->getDebugLoc().get();
  EXPECT_EQ(Nested->getLine(), 3u);
  EXPECT_EQ(Nested->getScope()->getSubprogram()->getName(), "nested");
  EXPECT_EQ(getUnitFile(Nested->getScope()->getSubprogram()), "second.rs");
  // A function that only a place of inlining names.
  const DILocation *Middle = Nested->getInlinedAt();
  EXPECT_EQ(Middle->getLine(), 5u);
  EXPECT_EQ(getUnitFile(Middle->getScope()->getSubprogram()), "second.rs");
  EXPECT_EQ(Middle->getInlinedAt()->getLine(), 11u);
  // A function that only a loop's start and end name.
  MDNode *Loop = Load->getNextNode()->getMetadata(LLVMContext::MD_loop);
  const auto *Start = cast<DILocation>(Loop->getOperand(1));
  EXPECT_EQ(getUnitFile(Start->getScope()->getSubprogram()), "second.rs");
  // One without a location in it.
  EXPECT_EQ(getUnitFile(Source->getFunction("quiet")->getSubprogram()),
            "second.rs");
}

TEST_F(DebugInfo, FirstUnitWhereNoCallerHasOne) {
  M->getFunction("caller")->eraseFromParent();
  adapt(DebugInfoKind::Lines);
  EXPECT_EQ(getUnitFile(Source->getFunction("helper")->getSubprogram()),
            "first.rs");
}

TEST_F(DebugInfo, LocationOfACallWithout) {
  Instruction &First = M->getFunction("caller")->front().front();
  ensureLocation(cast<CallBase>(First));
  ASSERT_TRUE(First.getDebugLoc());
  EXPECT_EQ(First.getDebugLoc().getLine(), 0u);
  EXPECT_EQ(First.getDebugLoc()->getScope(),
            M->getFunction("caller")->getSubprogram());

  Instruction &Second = *First.getNextNode();
  ensureLocation(cast<CallBase>(Second));
  EXPECT_EQ(Second.getDebugLoc().getLine(), 21u);

  Instruction &Bare = M->getFunction("bare")->front().front();
  ensureLocation(cast<CallBase>(Bare));
  EXPECT_FALSE(Bare.getDebugLoc());
}

TEST_F(DebugInfo, StrayLocations) {
  Function &Caller = *M->getFunction("caller"), &Bare = *M->getFunction("bare");
  DebugLoc Location = Caller.front().back().getPrevNode()->getDebugLoc();
  Bare.front().front().setDebugLoc(Location);
  dropStrayLocations(Bare);
  EXPECT_FALSE(Bare.front().front().getDebugLoc());
  dropStrayLocations(Caller);
  EXPECT_EQ(Caller.front().back().getPrevNode()->getDebugLoc(), Location);
}
