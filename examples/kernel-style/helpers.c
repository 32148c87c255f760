// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Helpers as the Linux kernel writes them: one small function around each
// inline function or macro that Rust needs.

#include "kernel.h"

void *rust_helper_ERR_PTR(long error) { return ERR_PTR(error); }

long rust_helper_PTR_ERR(const void *pointer) { return PTR_ERR(pointer); }

bool rust_helper_IS_ERR(const void *pointer) { return IS_ERR(pointer); }

void rust_helper_spin_lock(spinlock_t *lock) { spin_lock(lock); }

void rust_helper_spin_unlock(spinlock_t *lock) { spin_unlock(lock); }

void rust_helper_refcount_inc(refcount_t *references) {
  refcount_inc(references);
}

bool rust_helper_refcount_dec_and_test(refcount_t *references) {
  return refcount_dec_and_test(references);
}

void rust_helper_list_init(struct list_head *head) { list_init(head); }

bool rust_helper_list_empty(const struct list_head *head) {
  return list_empty(head);
}

void rust_helper_list_add_tail(struct list_head *entry,
                               struct list_head *head) {
  list_add_tail(entry, head);
}

void rust_helper_list_del_init(struct list_head *entry) {
  list_del_init(entry);
}
