// Accesses that may be to null become the same instructions as others, on
// x86-64 and AArch64, whatever they access memory with.
//
// REQUIRES: clang
//
// RUN: rm -rf %t && mkdir %t
//
// RUN: clang --target=x86_64-linux-gnu -O2 -fno-delete-null-pointer-checks -emit-llvm -c %s -o %t/x86.bc
// RUN: clang --target=x86_64-linux-gnu -DCRATE -O2 -emit-llvm -c %s -o %t/x86-crate.bc
// RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/x86.bc;leftover=error>' %t/x86-crate.bc -o %t/x86-null.bc
// RUN: llvm-dis %t/x86-null.bc -o - | FileCheck %s
// RUN: llc -O2 -verify-machineinstrs -relocation-model=pic %t/x86-null.bc -o - | grep '^	[a-z]' > %t/x86-null.s
//
// RUN: llvm-dis %t/x86.bc -o - | sed 's/ null_pointer_is_valid//' | llvm-as -o %t/x86-plain.bc
// RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/x86-plain.bc;leftover=error>' %t/x86-crate.bc -o - \
// RUN:   | llc -O2 -relocation-model=pic -o - | grep '^	[a-z]' > %t/x86-plain.s
// RUN: grep cmpxchg %t/x86-plain.s
// RUN: diff %t/x86-plain.s %t/x86-null.s
//
// RUN: clang --target=aarch64-linux-gnu -O2 -fno-delete-null-pointer-checks -emit-llvm -c %s -o %t/arm.bc
// RUN: clang --target=aarch64-linux-gnu -DCRATE -O2 -emit-llvm -c %s -o %t/arm-crate.bc
// RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/arm.bc;leftover=error>' %t/arm-crate.bc -o %t/arm-null.bc
// RUN: llvm-dis %t/arm-null.bc -o - | FileCheck %s
// RUN: llc -O2 -verify-machineinstrs -relocation-model=pic %t/arm-null.bc -o - | grep '^	[a-z]' > %t/arm-null.s
//
// RUN: llvm-dis %t/arm.bc -o - | sed 's/ null_pointer_is_valid//' | llvm-as -o %t/arm-plain.bc
// RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/arm-plain.bc;leftover=error>' %t/arm-crate.bc -o - \
// RUN:   | llc -O2 -relocation-model=pic -o - | grep '^	[a-z]' > %t/arm-plain.s
// RUN: grep ldaxr %t/arm-plain.s
// RUN: diff %t/arm-plain.s %t/arm-null.s
//
// Without optimisation, other parts of LLVM select the instructions; with the
// atomics of ARMv8.1 others.
// RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/x86.bc;leftover=error>' %t/x86-crate.bc -o - | llc -O0 -verify-machineinstrs -filetype=obj -o /dev/null
// RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/arm.bc;leftover=error>' %t/arm-crate.bc -o - | llc -O0 -verify-machineinstrs -filetype=obj -o /dev/null
// RUN: llc -O2 -mattr=+lse,+mops -verify-machineinstrs %t/arm-null.bc -filetype=obj -o /dev/null
// RUN: llc -O2 -mattr=+outline-atomics -verify-machineinstrs %t/arm-null.bc -filetype=obj -o /dev/null
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-NOT: null_pointer_is_valid
// CHECK:     addrspace(255)
// CHECK-NOT: null_pointer_is_valid

#define HELPERS(X)                                                             \
  X(first) X(list_add) X(container) X(atomics) X(bit) X(copies) X(sum) X(fill) \
  X(wait) X(floats) X(vectors) X(wide) X(small) X(boolean) X(field) X(checked)

#ifdef CRATE
#define DECLARE(NAME) void NAME(void);
#define STORE(NAME) *place = NAME;
HELPERS(DECLARE)
// With their address taken, they stay functions.
void use(void (*volatile *place)(void)) { HELPERS(STORE) }
#else
struct list {
  struct list *next, *prev;
};
struct object {
  int a, b;
  char text[64];
  struct list list;
  unsigned long x, bits : 3;
  unsigned __int128 wide;
};
typedef int vector __attribute__((vector_size(16)));

int first(const struct object *o) { return o->b; }
void list_add(struct list *n, struct list *head) {
  struct list *next = head->next;
  next->prev = n;
  n->next = next;
  n->prev = head;
  head->next = n;
}
int container(struct list *l) {
  struct object *o = (void *)((char *)l - __builtin_offsetof(struct object, list));
  int a = *(volatile int *)&o->a;
  return o ? a : -1;
}
int atomics(struct object *o) {
  int expected = 3;
  __atomic_fetch_add(&o->a, 1, __ATOMIC_RELAXED);
  __atomic_compare_exchange_n(&o->b, &expected, 5, 0, 5, 5);
  __atomic_store_n(&o->x, 7, 5);
  return __atomic_load_n(&o->a, 2) + expected + __atomic_exchange_n(&o->b, 9, 5);
}
_Bool bit(unsigned *p, int k) {
  return __atomic_fetch_or(p, 1u << k, 5) & (1u << k);
}
void copies(struct object *to, struct object *from, unsigned long n) {
  __builtin_memcpy(to, from, sizeof *to);
  __builtin_memcpy(to, from, n);
  __builtin_memset(to, 0, n);
  __builtin_memmove(to, from, n);
  __builtin_memset(to, 1, 32);
}
unsigned long sum(unsigned *p, unsigned long n) {
  unsigned long s = 0;
#pragma clang loop vectorize(disable) unroll(disable)
  for (unsigned long i = 0; i < n; i++)
    s += p[i];
  return s;
}
void fill(unsigned long *p, unsigned long n) {
  for (unsigned long i = 0; i < n; i++)
    p[i] = 0;
}
void wait(volatile int *p) {
  while (!*p)
    *p = 2;
}
double floats(double *p, float *q) {
  *q = 2;
  return *p + p[3];
}
void vectors(vector *a, vector *b) { *a += *b; }
unsigned __int128 wide(struct object *o) { return o->wide; }
void small(char *p, short *q) {
  *p = 1;
  *q += 2;
}
_Bool boolean(_Bool *p) { return *p; }
int field(struct object *o) { return o->bits++; }
int checked(struct object *o) { return o ? o->a : 0; }
#endif
