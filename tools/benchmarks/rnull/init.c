// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only program of the machine that tools/bench rnull boots: it does the
// same transfers on each null block device there is, and prints what rnull.py
// reads:
//
//   QUEUE <device> <what> <value>
//   ROUND <device> <scheduler> <workload> <transfers> <failed> <instructions>
//   END
//
// With the argument "time" nanoseconds are in the place of instructions, of
// more transfers, and the kernel's clock is told:
//
//   CLOCK <name>
// With the argument "profile" rounds are of few transfers, without a
// scheduler, between two marks in its code, and waits before and after for a
// line from who watches:
//
//   PROFILE <device> <workload> <transfers>
//   PROFILED
//
// A module /driver.ko, if there is one, is loaded first.

#define _GNU_SOURCE
#include "../../kernel/machine.h"
#include <dirent.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
  Block = 4096,
  Blocks = 1 << 20, // of a device
  Batch = 32,
  Rounds = 3,
  Transfers = 4096, // a round
  TimedTransfers = 16 * Transfers,
  Profiled = 64,
};

// The second is the first with more queues.
static const char *const Devices[] = {"rnullb0", "rnullq0", "nullb0"};
static const char *const Schedulers[] = {"none", "mq-deadline"};

struct Workload {
  const char *Name;
  bool Write, Random, Ring;
};

static const struct Workload Workloads[] = {
    {"read", false, false, false},     {"random-read", false, true, false},
    {"write", true, false, false},     {"random-write", true, true, false},
    {"ring-read", false, false, true}, {"ring-random-read", false, true, true},
    {"ring-write", true, false, true}, {"ring-random-write", true, true, true},
};

#define COUNT(Array) (sizeof(Array) / sizeof(*(Array)))

// The kernel panics, which rnull.py sees.
static void fail(const char *What) {
  perror(What);
  exit(1);
}

static unsigned char *Data; // a block for each transfer of a batch

// The same blocks in each round.
static off_t offsetOf(const struct Workload *W, int I) {
  uint32_t Number = (uint32_t)I;
  if (W->Random)
    Number *= 2654435761u; // Knuth's multiplicative hash
  return (off_t)(Number % Blocks) * Block;
}

static int transferEach(const struct Workload *W, int Fd, int Count) {
  int Failed = 0;
  for (int I = 0; I != Count; ++I) {
    ssize_t Done = W->Write ? pwrite(Fd, Data, Block, offsetOf(W, I))
                            : pread(Fd, Data, Block, offsetOf(W, I));
    Failed += Done != Block;
  }
  return Failed;
}

static struct {
  int Fd;
  unsigned *Tail, *Head, *CompletedTail;
  unsigned Mask, CompletedMask;
  struct io_uring_sqe *Entries;
  struct io_uring_cqe *Completed;
} Ring;

static void makeRing(void) {
  struct io_uring_params P = {0};
  Ring.Fd = (int)syscall(SYS_io_uring_setup, Batch, &P);
  size_t Size = P.cq_off.cqes + P.cq_entries * sizeof(struct io_uring_cqe);
  char *Shared = mmap(NULL, Size, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_POPULATE, Ring.Fd, IORING_OFF_SQ_RING);
  Ring.Entries = mmap(NULL, P.sq_entries * sizeof(struct io_uring_sqe),
                      PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                      Ring.Fd, IORING_OFF_SQES);
  if (Ring.Fd < 0 || Shared == MAP_FAILED || Ring.Entries == MAP_FAILED) {
    fail("io_uring");
  }
  Ring.Tail = (unsigned *)(Shared + P.sq_off.tail);
  Ring.Mask = *(unsigned *)(Shared + P.sq_off.ring_mask);
  Ring.Head = (unsigned *)(Shared + P.cq_off.head);
  Ring.CompletedTail = (unsigned *)(Shared + P.cq_off.tail);
  Ring.CompletedMask = *(unsigned *)(Shared + P.cq_off.ring_mask);
  Ring.Completed = (struct io_uring_cqe *)(Shared + P.cq_off.cqes);
  for (unsigned I = 0; I != P.sq_entries; ++I)
    ((unsigned *)(Shared + P.sq_off.array))[I] = I;
}

static int transferByRing(const struct Workload *W, int Fd, int Count) {
  int Whole = 0;
  for (int First = 0; First != Count; First += Batch) {
    unsigned Tail = *Ring.Tail;
    for (int I = 0; I != Batch; ++I, ++Tail)
      Ring.Entries[Tail & Ring.Mask] = (struct io_uring_sqe){
          .opcode = W->Write ? IORING_OP_WRITE : IORING_OP_READ,
          .fd = Fd,
          .addr = (uint64_t)(uintptr_t)(Data + I * Block),
          .len = Block,
          .off = (uint64_t)offsetOf(W, First + I),
      };
    __atomic_store_n(Ring.Tail, Tail, __ATOMIC_RELEASE);
    syscall(SYS_io_uring_enter, Ring.Fd, Batch, Batch, IORING_ENTER_GETEVENTS,
            NULL, 0);
    unsigned Head = *Ring.Head;
    for (; Head != __atomic_load_n(Ring.CompletedTail, __ATOMIC_ACQUIRE);
         ++Head)
      Whole += Ring.Completed[Head & Ring.CompletedMask].res == Block;
    __atomic_store_n(Ring.Head, Head, __ATOMIC_RELEASE);
  }
  return Count - Whole;
}

static int transfer(const struct Workload *W, int Fd, int Count) {
  return W->Ring ? transferByRing(W, Fd, Count) : transferEach(W, Fd, Count);
}

static uint64_t nanoseconds(void) {
  struct timespec Now;
  clock_gettime(CLOCK_MONOTONIC_RAW, &Now);
  return (uint64_t)Now.tv_sec * 1000000000 + (uint64_t)Now.tv_nsec;
}

static void run(const char *Device, const char *Scheduler,
                const struct Workload *W, int Fd, bool Print, bool Timed) {
  uint64_t (*Counter)(void) = Timed ? nanoseconds : instructions;
  int Count = Timed ? TimedTransfers : Transfers;
  uint64_t Start = Counter();
  int Failed = transfer(W, Fd, Count);
  uint64_t Taken = Counter() - Start;
  if (Print)
    printf("ROUND %s %s %s %d %d %llu\n", Device, Scheduler, W->Name, Count,
           Failed, (unsigned long long)Taken);
}

// The marks between which rnull.py counts.
__attribute__((noinline)) void profileBegin(void) { __asm__ volatile(""); }
__attribute__((noinline)) void profileEnd(void) { __asm__ volatile(""); }

static void waitForLine(void) {
  char Byte = 0;
  while (read(STDIN_FILENO, &Byte, 1) == 1 && Byte != '\n')
    ;
}

static void profile(const char *Device, const struct Workload *W, int Fd) {
  printf("PROFILE %s %s %d\n", Device, W->Name, Profiled);
  waitForLine();
  profileBegin();
  transfer(W, Fd, Profiled);
  profileEnd();
  printf("PROFILED\n");
  waitForLine();
}

static void setScheduler(const char *Device, const char *Scheduler) {
  char Path[64];
  snprintf(Path, sizeof Path, "/sys/block/%s/queue/scheduler", Device);
  int Fd = open(Path, O_WRONLY);
  ssize_t Size = (ssize_t)strlen(Scheduler);
  if (write(Fd, Scheduler, (size_t)Size) != Size)
    fail(Path);
  close(Fd);
}

// What the kernel lets a user see of a queue.
static void printQueue(const char *Device) {
  char Path[320], Value[128];
  snprintf(Path, sizeof Path, "/sys/block/%s/queue", Device);
  DIR *Folder = opendir(Path);
  for (struct dirent *Entry; Folder && (Entry = readdir(Folder));) {
    snprintf(Path, sizeof Path, "/sys/block/%s/queue/%s", Device,
             Entry->d_name);
    FILE *File = fopen(Path, "r");
    if (File && fgets(Value, sizeof Value, File))
      printf("QUEUE %s %s %s", Device, Entry->d_name, Value);
    if (File)
      fclose(File);
  }
  snprintf(Path, sizeof Path, "/sys/block/%s/mq", Device);
  int Queues = 0;
  Folder = opendir(Path);
  for (struct dirent *Entry; Folder && (Entry = readdir(Folder));)
    Queues += Entry->d_name[0] != '.';
  printf("QUEUE %s hardware-queues %d\n", Device, Queues);
}

static void printClock(void) {
  char Name[64] = "unknown\n";
  FILE *File = fopen("/sys/devices/system/clocksource/clocksource0/"
                     "current_clocksource",
                     "r");
  if (File && fgets(Name, sizeof Name, File))
    fclose(File);
  printf("CLOCK %s", Name);
}

static void prepare(void) {
  prepareMachine();
  int Driver = open("/driver.ko", O_RDONLY);
  if (Driver >= 0 && syscall(SYS_finit_module, Driver, "", 0))
    fail("/driver.ko");
  Data = aligned_alloc(Block, Batch * Block);
  memset(Data, 0xa5, Batch * Block);
}

int main(int Count, char **Arguments) {
  prepare();
  bool Profile = Count > 1 && strcmp(Arguments[1], "profile") == 0;
  bool Timed = Count > 1 && strcmp(Arguments[1], "time") == 0;
  if (Timed)
    printClock();
  int Fds[COUNT(Devices)];
  for (size_t D = 0; D != COUNT(Devices); ++D) {
    char Path[32];
    snprintf(Path, sizeof Path, "/dev/%s", Devices[D]);
    Fds[D] = open(Path, O_RDWR | O_DIRECT | O_NOATIME);
    if (Fds[D] >= 0)
      printQueue(Devices[D]);
  }
  makeRing();
  for (size_t S = 0; S != COUNT(Schedulers); ++S) {
    for (size_t D = 0; D != COUNT(Devices); ++D)
      if (Fds[D] >= 0)
        setScheduler(Devices[D], Schedulers[S]);
    if (Profile && S)
      break;
    for (size_t W = 0; W != COUNT(Workloads); ++W)
      for (int Round = 0; Round <= Rounds; ++Round)
        for (size_t D = 0; D != COUNT(Devices); ++D) {
          if (Fds[D] < 0)
            continue;
          if (Profile && Round)
            profile(Devices[D], &Workloads[W], Fds[D]);
          else
            run(Devices[D], Schedulers[S], &Workloads[W], Fds[D], Round != 0,
                Timed);
        }
  }
  printf("END\n");
  fflush(stdout);
  reboot(RB_AUTOBOOT); // at which QEMU ends: a machine without ACPI stays on
  return 0;
}
