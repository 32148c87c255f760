// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only program of the machine the harness boots: it exercises the Rust null
// block driver and a Rust module, and prints what boot.py reads:
//
//   CHECK <name> ok|FAIL <detail>
//   ROUND <read|write> <transfers> <transfers that failed> <instructions>
//   END
//
// Its argument, if there is one, is the number of transfers a round. A module
// rnull_mod.ko, if there is one, is the driver: loaded first, removed at the
// end, and loaded and used once more. Modules last-0.ko, last-1.ko and so on
// are loaded after the end.
//
// The driver of 6.12 keeps no data: a write is dropped and a read leaves the
// caller's buffer as it is. So what can be checked is that every transfer has
// the right length or the right error, that no byte of a buffer or around it
// changes, and that the device counted exactly the transfers that were made.

#define _GNU_SOURCE
#include "machine.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
  Block = 4096,
  Large = 1 << 20,
  InFlight = 64,
  Rounds = 5,
  Blocks = 1000, // that the rounds go through
  Counted = 1000,
};
static const uint64_t DeviceSize = 4096ull << 20;
static const unsigned char Pattern = 0xa5;
static int Transfers = 50000; // a round

// A block on either side guards the buffer in the middle.
static unsigned char *Arena;
static unsigned char *buffer(void) { return Arena + Block; }

static void check(const char *Name, bool Ok, const char *Detail,
                  long long Value) {
  printf("CHECK %s %s %s=%lld\n", Name, Ok ? "ok" : "FAIL", Detail, Value);
}

static void fill(void) { memset(Arena, Pattern, Large + 2 * Block); }

static long long changedBytes(void) {
  long long Changed = 0;
  for (size_t I = 0; I != Large + 2 * Block; ++I)
    Changed += Arena[I] != Pattern;
  return Changed;
}

static ssize_t transfer(int Fd, bool Write, void *Data, size_t Size, off_t At) {
  ssize_t Done = Write ? pwrite(Fd, Data, Size, At) : pread(Fd, Data, Size, At);
  return Done < 0 ? -errno : Done;
}

// One transfer must return Expected, and leave every byte in memory alone.
static void expect(int Fd, const char *Name, bool Write, size_t Shift,
                   size_t Size, off_t At, ssize_t Expected) {
  fill();
  ssize_t Done = transfer(Fd, Write, buffer() + Shift, Size, At);
  check(Name, Done == Expected && changedBytes() == 0, "returned", Done);
}

static void checkGeometry(int Fd) {
  uint64_t Size = 0;
  int Logical = 0;
  unsigned Physical = 0;
  ioctl(Fd, BLKGETSIZE64, &Size);
  ioctl(Fd, BLKSSZGET, &Logical);
  ioctl(Fd, BLKPBSZGET, &Physical);
  check("device-size", Size == DeviceSize, "bytes", (long long)Size);
  check("logical-block", Logical == Block, "bytes", Logical);
  check("physical-block", Physical == Block, "bytes", Physical);
}

static void checkTransfers(int Fd) {
  const off_t Last = (off_t)(DeviceSize - Block);
  expect(Fd, "read-first-block", false, 0, Block, 0, Block);
  expect(Fd, "read-middle-block", false, 0, Block, Last / 2 / Block * Block,
         Block);
  expect(Fd, "read-last-block", false, 0, Block, Last, Block);
  expect(Fd, "read-large", false, 0, Large, 0, Large);
  expect(Fd, "read-across-end", false, 0, 2 * Block, Last, Block);
  expect(Fd, "read-at-end", false, 0, Block, (off_t)DeviceSize, 0);
  expect(Fd, "write-first-block", true, 0, Block, 0, Block);
  expect(Fd, "write-last-block", true, 0, Block, Last, Block);
  expect(Fd, "write-large", true, 0, Large, 0, Large);
  expect(Fd, "write-across-end", true, 0, 2 * Block, Last, Block);
  expect(Fd, "write-at-end", true, 0, Block, (off_t)DeviceSize, -ENOSPC);
  expect(Fd, "read-unaligned-offset", false, 0, Block, 512, -EINVAL);
  expect(Fd, "read-unaligned-length", false, 0, 512, 0, -EINVAL);
  expect(Fd, "read-unaligned-buffer", false, 1, Block, 0, -EINVAL);
  expect(Fd, "write-unaligned-offset", true, 0, Block, 512, -EINVAL);
}

static void checkVector(int Fd) {
  fill();
  struct iovec Parts[4];
  for (int I = 0; I != 4; ++I)
    Parts[I] = (struct iovec){buffer() + 2 * I * Block, Block};
  ssize_t Done = preadv(Fd, Parts, 4, 0);
  check("read-vector", Done == 4 * Block && changedBytes() == 0, "returned",
        Done);
}

// Many requests at once: each has its own reference count in the driver.
static void checkInFlight(int Fd) {
  fill();
  aio_context_t Context = 0;
  struct iocb Requests[InFlight] = {0}, *List[InFlight];
  struct io_event Events[InFlight];
  for (int I = 0; I != InFlight; ++I) {
    Requests[I].aio_lio_opcode = I % 2 ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD;
    Requests[I].aio_fildes = (uint32_t)Fd;
    Requests[I].aio_buf = (uint64_t)(uintptr_t)(buffer() + I * Block);
    Requests[I].aio_nbytes = Block;
    Requests[I].aio_offset = (int64_t)I * 2 * Block;
    List[I] = &Requests[I];
  }
  long Got = -1, Whole = 0;
  if (syscall(SYS_io_setup, InFlight, &Context) == 0 &&
      syscall(SYS_io_submit, Context, InFlight, List) == InFlight)
    Got = syscall(SYS_io_getevents, Context, InFlight, InFlight, Events, NULL);
  for (long I = 0; I < Got; ++I)
    Whole += Events[I].res == Block;
  syscall(SYS_io_destroy, Context);
  check("in-flight", Whole == InFlight && changedBytes() == 0, "completed",
        Whole);
}

struct Counts {
  unsigned long long Reads, ReadSectors, Writes, WriteSectors;
};

static struct Counts deviceCounts(void) {
  struct Counts C = {0};
  FILE *File = fopen("/sys/block/rnullb0/stat", "r");
  if (!File || fscanf(File, "%llu %*u %llu %*u %llu %*u %llu", &C.Reads,
                      &C.ReadSectors, &C.Writes, &C.WriteSectors) != 4)
    check("device-counts", false, "errno", errno);
  if (File)
    fclose(File);
  return C;
}

// The driver saw each transfer, once.
static void checkCounts(int Fd) {
  struct Counts Before = deviceCounts();
  for (int I = 0; I != Counted; ++I)
    if (transfer(Fd, false, buffer(), Block, (off_t)I * Block) != Block ||
        transfer(Fd, true, buffer(), 2 * Block, (off_t)I * Block) != 2 * Block)
      break;
  struct Counts After = deviceCounts();
  check("counted-reads", After.Reads - Before.Reads == Counted, "reads",
        (long long)(After.Reads - Before.Reads));
  check("counted-read-sectors",
        After.ReadSectors - Before.ReadSectors == Counted * 8, "sectors",
        (long long)(After.ReadSectors - Before.ReadSectors));
  check("counted-writes", After.Writes - Before.Writes == Counted, "writes",
        (long long)(After.Writes - Before.Writes));
  check("counted-write-sectors",
        After.WriteSectors - Before.WriteSectors == Counted * 16, "sectors",
        (long long)(After.WriteSectors - Before.WriteSectors));
}

static long loadModule(const char *Path) {
  int Fd = open(Path, O_RDONLY);
  return syscall(SYS_finit_module, Fd, "", 0);
}

static void checkLoad(const char *Name, const char *Path) {
  long Loaded = loadModule(Path);
  check(Name, Loaded == 0, "errno", Loaded ? errno : 0);
}

static void checkRemove(const char *Name, const char *Module) {
  long Removed = syscall(SYS_delete_module, Module, 0);
  check(Name, Removed == 0, "errno", Removed ? errno : 0);
}

// The module prints what its vector, grown through a helper, holds when it
// goes.
static void checkModule(void) {
  checkLoad("module-load", "/rust_minimal.ko");
  checkRemove("module-remove", "rust_minimal");
}

static void measure(int Fd, bool Write, bool Print) {
  int Failed = 0;
  uint64_t Start = instructions();
  for (int I = 0; I != Transfers; ++I)
    Failed += transfer(Fd, Write, buffer(), Block,
                       (off_t)(I % Blocks) * Block) != Block;
  uint64_t Count = instructions() - Start;
  if (Print)
    printf("ROUND %s %d %d %llu\n", Write ? "write" : "read", Transfers, Failed,
           (unsigned long long)Count);
}

static void prepare(void) {
  prepareMachine();
  Arena = aligned_alloc(Block, Large + 2 * Block);
  fill();
}

static const char Driver[] = "/rnull_mod.ko";
static const char Device[] = "/dev/rnullb0";

static int openDevice(const char *Name) {
  int Fd = open(Device, O_RDWR | O_DIRECT);
  check(Name, Fd >= 0, "errno", Fd < 0 ? errno : 0);
  return Fd;
}

// The device goes with the driver, comes back with it, and works as before.
static void checkDriverAgain(void) {
  checkRemove("driver-remove", "rnull_mod");
  check("driver-removed", access(Device, F_OK) != 0, "errno", errno);
  checkLoad("driver-load-again", Driver);
  int Fd = openDevice("open-again");
  checkCounts(Fd);
  close(Fd);
  checkRemove("driver-remove-again", "rnull_mod");
}

static void loadLast(void) {
  char Path[] = "/last-0.ko";
  for (; access(Path, F_OK) == 0; ++Path[sizeof "/last-" - 1])
    loadModule(Path);
}

int main(int Count, char **Arguments) {
  prepare();
  if (Count > 1)
    Transfers = atoi(Arguments[1]);
  bool IsModule = access(Driver, F_OK) == 0;
  if (IsModule)
    checkLoad("driver-load", Driver);
  int Fd = openDevice("open");
  checkGeometry(Fd);
  checkTransfers(Fd);
  checkVector(Fd);
  checkInFlight(Fd);
  checkCounts(Fd);
  checkModule();
  for (int Round = 0; Round <= Rounds; ++Round) {
    bool WarmedUp = Round != 0;
    measure(Fd, false, WarmedUp);
    measure(Fd, true, WarmedUp);
  }
  close(Fd);
  if (IsModule)
    checkDriverAgain();
  printf("END\n");
  fflush(stdout);
  loadLast();
  reboot(RB_AUTOBOOT); // at which QEMU ends: a machine without ACPI stays on
  return 0;
}
