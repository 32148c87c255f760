// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Reads through the rings of liburing.h: asks for a read, and takes its completion. The rings are in memory and what is
//! the kernel's part is done here, so that it runs where there is no io_uring, and each time with the same instructions.
//! usage: liburing ITERATIONS

#[allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/liburing.rs"));
}
use bindings::*;
use std::mem::zeroed;
use std::sync::atomic::{AtomicU32, Ordering};

const ENTRIES: usize = 8;

/// What liburing and the kernel share.
struct Shared {
    submission_head: AtomicU32,
    completion_head: AtomicU32,
    completion_tail: AtomicU32,
    submissions: [io_uring_sqe; ENTRIES],
    completions: [io_uring_cqe; ENTRIES],
}

impl Shared {
    fn new() -> Shared {
        // SAFETY: these are numbers only.
        unsafe { zeroed() }
    }

    fn ring(&mut self) -> io_uring {
        // SAFETY: of C's structures, 0 is a value for each field.
        let mut ring: io_uring = unsafe { zeroed() };
        ring.features = IORING_FEAT_EXT_ARG;
        ring.sq.khead = self.submission_head.as_ptr();
        ring.sq.sqes = self.submissions.as_mut_ptr();
        ring.sq.ring_entries = ENTRIES as u32;
        ring.sq.ring_mask = ENTRIES as u32 - 1;
        ring.cq.khead = self.completion_head.as_ptr();
        ring.cq.ktail = self.completion_tail.as_ptr();
        ring.cq.cqes = self.completions.as_mut_ptr().cast();
        ring.cq.ring_entries = ENTRIES as u32;
        ring.cq.ring_mask = ENTRIES as u32 - 1;
        ring
    }
}

/// The kernel's part: completes what was asked for last.
///
/// # Safety
/// `shared` is that of a ring with one entry that is not completed.
unsafe fn complete(shared: *mut Shared) {
    let shared = &mut *shared;
    let head = shared.submission_head.load(Ordering::Relaxed);
    let tail = shared.completion_tail.load(Ordering::Relaxed);
    let submission = &shared.submissions[head as usize % ENTRIES];
    let completion = &mut shared.completions[tail as usize % ENTRIES];
    completion.user_data = submission.user_data;
    completion.res = submission.len as i32;
    shared.submission_head.store(head.wrapping_add(1), Ordering::Release);
    shared.completion_tail.store(tail.wrapping_add(1), Ordering::Release);
}

/// # Safety
/// `ring` is that of `shared`.
#[inline(never)]
unsafe fn work(count: u64, ring: &mut io_uring, shared: *mut Shared) -> u64 {
    let mut buffer = [0_u8; 512];
    let mut sum: u64 = 0;
    for number in 0..count {
        let submission = io_uring_get_sqe(ring);
        assert!(!submission.is_null());
        let length = 1 + number as u32 % 512;
        io_uring_prep_read(submission, 0, buffer.as_mut_ptr().cast(), length, 512 * number);
        io_uring_sqe_set_data64(submission, number);
        complete(shared);
        let mut completion = std::ptr::null_mut();
        assert_eq!(io_uring_peek_cqe(ring, &mut completion), 0);
        sum = sum.rotate_left(1) ^ io_uring_cqe_get_data64(completion) ^ (*completion).res as u64;
        io_uring_cqe_seen(ring, completion);
    }
    sum
}

pub fn run(iterations: u64) -> u64 {
    let mut shared = Shared::new();
    let mut ring = shared.ring();
    // SAFETY: the ring is that of `shared`.
    unsafe { work(iterations, &mut ring, &mut shared) }
}

#[allow(dead_code)] // it is a part of ../large, too
fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: liburing ITERATIONS");
    println!("{:016x}", run(iterations));
}
