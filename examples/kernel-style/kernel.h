// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A few tools in the manner of an operating system kernel: static inline
// functions on shared memory, with assembly where C has no word for it, and a
// cold path that does not return.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define unlikely(condition) __builtin_expect(!!(condition), 0)

// Stops right here: what was found is impossible.
#if defined(__x86_64__)
#define BUG_ON(condition)                                                      \
  do {                                                                         \
    if (unlikely(condition)) {                                                 \
      __asm__ volatile("ud2");                                                 \
      __builtin_unreachable();                                                 \
    }                                                                          \
  } while (0)
#else
#define BUG_ON(condition)                                                      \
  do {                                                                         \
    if (unlikely(condition))                                                   \
      __builtin_trap();                                                        \
  } while (0)
#endif

// Pointers whose value is an error: the last page of the address space is never
// mapped.
#define LAST_ERROR 4095

static inline void *ERR_PTR(long error) { return (void *)error; }

static inline long PTR_ERR(const void *pointer) { return (long)pointer; }

static inline bool IS_ERR(const void *pointer) {
  return unlikely((unsigned long)pointer >= (unsigned long)-LAST_ERROR);
}

// A lock that waits by spinning.
typedef struct {
  unsigned int taken;
} spinlock_t;

static inline bool spin_trylock(spinlock_t *lock) {
#if defined(__x86_64__)
  __asm__ goto("lock btsl $0, %0\n\t"
               "jc %l[taken]"
               :
               : "m"(lock->taken)
               : "memory", "cc"
               : taken);
  return true;
taken:
  return false;
#else
  return __atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE) == 0;
#endif
}

static inline void spin_lock(spinlock_t *lock) {
  while (unlikely(!spin_trylock(lock)))
    while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED))
      ;
}

static inline void spin_unlock(spinlock_t *lock) {
  __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

// A count of references. It never comes back from 0 and never overflows.
typedef struct {
  int count;
} refcount_t;

static inline void refcount_inc(refcount_t *references) {
#if defined(__x86_64__)
  int old = 1;
  __asm__ volatile("lock xaddl %0, %1"
                   : "+r"(old), "+m"(references->count)
                   :
                   : "memory", "cc");
#else
  int old = __atomic_fetch_add(&references->count, 1, __ATOMIC_RELAXED);
#endif
  BUG_ON(old <= 0);
}

static inline bool refcount_dec_and_test(refcount_t *references) {
  int old = __atomic_fetch_sub(&references->count, 1, __ATOMIC_ACQ_REL);
  BUG_ON(old <= 0);
  return old == 1;
}

// A list whose ends meet at its head.
struct list_head {
  struct list_head *next, *prev;
};

static inline void list_init(struct list_head *head) {
  head->next = head->prev = head;
}

static inline bool list_empty(const struct list_head *head) {
  return head->next == head;
}

static inline void list_add_tail(struct list_head *entry,
                                 struct list_head *head) {
  entry->next = head;
  entry->prev = head->prev;
  head->prev->next = entry;
  head->prev = entry;
}

static inline void list_del_init(struct list_head *entry) {
  entry->prev->next = entry->next;
  entry->next->prev = entry->prev;
  list_init(entry);
}
