//===- CodeSize.cpp - How large helpers are as native code ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Summary.h"
#include "passes/Diagnostics.h"
#include "passes/HelperLibrary.h"
#include "passes/LLVMVersion.h"
#include "passes/TargetFeatures.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

static Error cannotCompile(StringRef Path, const Twine &Why) {
  return makeError(DiagnosticCode::OtherTarget,
                   "library '" + Path + "' cannot be compiled: " + Why, "");
}

/// Compiles \p M to an object file in \p Object.
static Error compileToObject(Module &M, StringRef Path,
                             SmallVectorImpl<char> &Object) {
  std::unique_ptr<TargetMachine> TM = createTargetMachine(
      getTriple(M),
      M.getPICLevel() == PICLevel::NotPIC ? Reloc::Static : Reloc::PIC_,
      M.getCodeModel());
  if (!TM)
    return cannotCompile(Path, "inline-helpers has no code generator for " +
                                   getTriple(M).str());
  // LLVM's own handler ends the process on an error.
  std::string Failure;
  M.getContext().setDiagnosticHandlerCallBack(
      [](const DiagnosticInfo *Info, void *Failure) {
        if (Info->getSeverity() != DS_Error)
          return;
        raw_string_ostream OS(*static_cast<std::string *>(Failure));
        DiagnosticPrinterRawOStream Printer(OS);
        Info->print(Printer);
      },
      &Failure);
  raw_svector_ostream OS(Object);
  legacy::PassManager Passes;
  if (TM->addPassesToEmitFile(Passes, OS, /*DwoOut=*/nullptr,
                              CodeGenFileType::ObjectFile))
    return cannotCompile(Path, "this target has no object files");
  Passes.run(M);
  M.getContext().setDiagnosticHandlerCallBack(nullptr);
  if (!Failure.empty())
    return cannotCompile(Path, Failure);
  return Error::success();
}

Expected<StringMap<uint64_t>>
inline_helpers::measureCode(const LibraryOption &Library) {
  LLVMContext Context;
  Expected<HelperLibrary> Opened = HelperLibrary::open(Library, Context);
  if (!Opened)
    return Opened.takeError();
  Module &M = Opened->module();
  if (Error E = M.materializeAll())
    return E;
  FeatureBaseline(M).restoreTargets(M);
  StripDebugInfo(M);
  SmallVector<char, 0> Bytes;
  if (Error E = compileToObject(M, Library.Path, Bytes))
    return E;
  SmallVectorMemoryBuffer Buffer(std::move(Bytes),
                                 /*RequiresNullTerminator=*/false);
  Expected<std::unique_ptr<object::ObjectFile>> Object =
      object::ObjectFile::createObjectFile(Buffer);
  if (!Object)
    return Object.takeError();
  const auto *ELF = dyn_cast<object::ELFObjectFileBase>(Object->get());
  if (!ELF)
    return cannotCompile(Library.Path, "its object file is not ELF, which "
                                       "alone says how large a function is");
  StringMap<uint64_t> Sizes;
  for (const object::ELFSymbolRef Symbol : ELF->symbols()) {
    Expected<StringRef> Name = Symbol.getName();
    if (!Name)
      return Name.takeError();
    if (Symbol.getELFType() == ELF::STT_FUNC)
      Sizes[*Name] = Symbol.getSize();
  }
  return Sizes;
}
