//===- WholeFileTest.cpp --------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/WholeFile.h"
#include "Testing.h"
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;
using namespace inline_helpers;

static std::string readBack(StringRef Path) {
  return OrExit(readLibraryFile(Path))->getBuffer().str();
}

TEST(WholeFile, ReplacesAFileAndKeepsALink) {
  TemporaryFile File("before");
  EXPECT_FALSE(errorToBool(writeWholeFile(File.path(), "after")));
  EXPECT_EQ(readBack(File.path()), "after");
  std::string Link = File.path() + ".link";
  ASSERT_EQ(symlink(File.path().c_str(), Link.c_str()), 0);
  FileRemover Remover(Link);
  EXPECT_FALSE(errorToBool(writeWholeFile(Link, "through")));
  EXPECT_EQ(readBack(File.path()), "through");
}

// No device stands for the others: root would lose it to a rename.
TEST(WholeFile, OtherThanARegularFile) {
  TemporaryFile File("");
  std::string FIFO = File.path() + ".fifo", Folder = File.path() + ".folder";
  FileRemover RemoveFolder(Folder);
  ASSERT_EQ(mkfifo(FIFO.c_str(), 0600), 0);
  ASSERT_EQ(mkdir(Folder.c_str(), 0700), 0);
  std::string Text;
  for (const std::string &Path : {FIFO, Folder}) {
    EXPECT_EQ(take(writeWholeFile(Path, "x"), Text), DiagnosticCode::Unwritable)
        << Path;
    EXPECT_TRUE(StringRef(Text).starts_with("cannot write '" + Path +
                                            "': it is not a regular file"))
        << Text;
  }
  // FileRemover leaves what is no file, link or folder.
  EXPECT_EQ(unlink(FIFO.c_str()), 0);
  EXPECT_FALSE(errorToBool(writeWholeFile("/dev/null", "x")));
}

TEST(WholeFile, NoRoomLeavesTheFileAsItWas) {
  TemporaryFile File("before");
  // A file that may not grow stands for a disk that is full.
  struct rlimit Old;
  getrlimit(RLIMIT_FSIZE, &Old);
  struct rlimit Small = {4096, Old.rlim_max};
  auto OldHandler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &Small);
  std::string Text;
  DiagnosticCode Code =
      take(writeWholeFile(File.path(), std::string(10000, 'x')), Text);
  setrlimit(RLIMIT_FSIZE, &Old);
  std::signal(SIGXFSZ, OldHandler);
  EXPECT_EQ(Code, DiagnosticCode::Unwritable);
  EXPECT_NE(Text.find("File too large"), std::string::npos) << Text;
  EXPECT_EQ(readBack(File.path()), "before");
}

TEST(WholeFile, FilesThatBelongTogetherAreAllWrittenOrNone) {
  TemporaryFile First("before"), Second("before");
  std::string Text, Missing = First.path() + "/none";
  EXPECT_EQ(take(writeWholeFiles({{First.path(), "a"}, {Missing, "b"}}), Text),
            DiagnosticCode::Unwritable);
  EXPECT_TRUE(StringRef(Text).starts_with("cannot write '" + Missing)) << Text;
  EXPECT_EQ(readBack(First.path()), "before");
  EXPECT_FALSE(errorToBool(
      writeWholeFiles({{First.path(), "a"}, {Second.path(), "b"}})));
  EXPECT_EQ(readBack(First.path()), "a");
  EXPECT_EQ(readBack(Second.path()), "b");
}
