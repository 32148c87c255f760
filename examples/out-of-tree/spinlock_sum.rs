// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Adds numbers under a spinlock: a module out of the kernel's tree whose helpers are inlined.

use kernel::new_spinlock;
use kernel::prelude::*;
use kernel::sync::{Arc, SpinLock};

module! {
    type: SpinlockSum,
    name: "spinlock_sum",
    author: "inline-helpers",
    description: "Adds numbers under a spinlock",
    license: "GPL",
}

struct SpinlockSum {
    sum: Arc<SpinLock<u64>>,
}

impl kernel::Module for SpinlockSum {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        let sum = Arc::pin_init(new_spinlock!(0, "spinlock_sum"), GFP_KERNEL)?;
        for number in 1..=100u64 {
            // A reference is taken and dropped again: refcount_inc and refcount_dec_and_test.
            *sum.clone().lock() += number;
        }
        pr_info!("the sum is {}\n", *sum.lock());
        Ok(SpinlockSum { sum })
    }
}

impl Drop for SpinlockSum {
    fn drop(&mut self) {
        pr_info!("the sum was {}\n", *self.sum.lock());
    }
}
