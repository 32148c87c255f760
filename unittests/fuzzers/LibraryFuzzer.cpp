//===- LibraryFuzzer.cpp --------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is done with the bytes of a library before LLVM's reader parses a
// module. That reader itself aborts on some damaged bitcode, and does so on
// purpose: here it would be all that is found.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"
#include "passes/HelperLibrary.h"
#include "passes/Seal.h"
#include "llvm/Support/Process.h"
#include <cstring>
#include <sys/mman.h>

using namespace llvm;
using namespace inline_helpers;

namespace {
/// Memory behind which there is none: LLVM's code is not instrumented, and a
/// read beyond the end is seen nevertheless.
class GuardedMemory {
public:
  GuardedMemory() {
    size_t Page = sys::Process::getPageSizeEstimate();
    void *Start = mmap(nullptr, Capacity + Page, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(Start != MAP_FAILED, "no memory can be mapped");
    End = static_cast<char *>(Start) + Capacity;
    require(mprotect(End, Page, PROT_NONE) == 0, "memory cannot be protected");
  }

  StringRef put(StringRef Content) {
    require(Content.size() <= Capacity, "run with -max_len=65536 or less");
    char *Start = End - Content.size();
    std::memcpy(Start, Content.data(), Content.size());
    return {Start, Content.size()};
  }

private:
  static constexpr size_t Capacity = 1 << 16;
  char *End;
};
} // namespace

/// A seal tells every change of one byte, and every cut.
static void checkSealing(StringRef Content) {
  checkSeal(Content);
  std::string Sealed = seal(Content);
  require(checkSeal(Sealed) == SealState::Intact, "a seal is broken from new");
  require(seal(Sealed) == Sealed, "sealed twice is not sealed once");
  size_t Position = getDigest(Content)[0] * Sealed.size() / 256;
  require(checkSeal(StringRef(Sealed).drop_back()) != SealState::Intact,
          "a cut is not seen");
  Sealed[Position] ^= 1;
  require(checkSeal(Sealed) == SealState::Broken, "a change is not seen");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  static GuardedMemory Memory;
  StringRef Content = Memory.put(asText(Data, Size));
  MemoryBufferRef Buffer(Content, "library.bc");
  checkSealing(Content);
  // Asked once: to an epoch record without its number LLVM's answer is what its
  // stack has there, and the next one may be another.
  Expected<Producer> Found = readProducer(Buffer);
  if (!Found) {
    requireCure(Found.takeError());
    return 0;
  }
  const Producer &Host = getHostProducer();
  bool IsReadable =
      Found->Text == Host.Text ||
      (!Found->IsSnapshot && Found->Major + Host.IsSnapshot <= Host.Major);
  Error E = checkProducer("library.bc", *Found, Host);
  require(bool(E) == !IsReadable,
          "a library is refused, or accepted, against its producer");
  requireCure(std::move(E));
  return 0;
}
