// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! A queue of requests with a lock, a list and reference counts, all of them inline functions of C.
//! usage: kernel-style ITERATIONS

use std::cell::UnsafeCell;
use std::ffi::{c_int, c_long, c_uint, c_void};
use std::ptr;

#[repr(C)]
struct SpinLock(c_uint);

#[repr(C)]
struct RefCount(c_int);

#[repr(C)]
struct ListHead {
    next: *mut ListHead,
    prev: *mut ListHead,
}

// The kernel's declarations have these names too: bindgen leaves out the prefix, and puts it into `link_name`.
extern "C" {
    #[link_name = "rust_helper_ERR_PTR"]
    fn ERR_PTR(error: c_long) -> *mut c_void;
    #[link_name = "rust_helper_PTR_ERR"]
    fn PTR_ERR(pointer: *const c_void) -> c_long;
    #[link_name = "rust_helper_IS_ERR"]
    fn IS_ERR(pointer: *const c_void) -> bool;
    #[link_name = "rust_helper_spin_lock"]
    fn spin_lock(lock: *mut SpinLock);
    #[link_name = "rust_helper_spin_unlock"]
    fn spin_unlock(lock: *mut SpinLock);
    #[link_name = "rust_helper_refcount_inc"]
    fn refcount_inc(references: *mut RefCount);
    #[link_name = "rust_helper_refcount_dec_and_test"]
    fn refcount_dec_and_test(references: *mut RefCount) -> bool;
    #[link_name = "rust_helper_list_init"]
    fn list_init(head: *mut ListHead);
    #[link_name = "rust_helper_list_empty"]
    fn list_empty(head: *const ListHead) -> bool;
    #[link_name = "rust_helper_list_add_tail"]
    fn list_add_tail(entry: *mut ListHead, head: *mut ListHead);
    #[link_name = "rust_helper_list_del_init"]
    fn list_del_init(entry: *mut ListHead);
}

const EAGAIN: c_long = 11;

/// Something to do. `entry` comes first, so that a pointer to it is a pointer to the request.
#[repr(C)]
pub struct Request {
    entry: ListHead,
    references: RefCount,
    number: u64,
}

pub struct Queue {
    lock: UnsafeCell<SpinLock>,
    requests: UnsafeCell<ListHead>,
}

impl Queue {
    /// An empty queue. It stays where it is: the list points to itself.
    fn new() -> Box<Queue> {
        let queue = Box::new(Queue {
            lock: UnsafeCell::new(SpinLock(0)),
            requests: UnsafeCell::new(ListHead {
                next: ptr::null_mut(),
                prev: ptr::null_mut(),
            }),
        });
        // SAFETY: the head belongs to this queue.
        unsafe { list_init(queue.requests.get()) };
        queue
    }

    /// Appends a request, of which the queue has a reference from now on.
    ///
    /// # Safety
    /// The request is valid as long as there are references to it.
    unsafe fn push(&self, request: *mut Request) {
        refcount_inc(&raw mut (*request).references);
        spin_lock(self.lock.get());
        list_add_tail(&raw mut (*request).entry, self.requests.get());
        spin_unlock(self.lock.get());
    }

    /// Takes the first request away, with the queue's reference. The error is in the pointer, as C does it.
    fn pop(&self) -> *mut Request {
        // SAFETY: the list is this queue's, is changed under its lock, and its entries are requests.
        unsafe {
            spin_lock(self.lock.get());
            let first = if list_empty(self.requests.get()) {
                ERR_PTR(-EAGAIN)
            } else {
                let entry = (*self.requests.get()).next;
                list_del_init(entry);
                entry.cast()
            };
            spin_unlock(self.lock.get());
            first.cast()
        }
    }
}

/// Sends a request through the queue again and again, and folds the numbers it had.
///
/// # Safety
/// As for `Queue::push`.
#[no_mangle]
#[inline(never)]
pub unsafe fn send_all(count: u64, queue: &Queue, request: *mut Request) -> u64 {
    let mut sum: u64 = 0;
    for number in 0..count {
        (*request).number = number;
        queue.push(request);
        let done = queue.pop();
        if IS_ERR(done.cast()) {
            return PTR_ERR(done.cast()) as u64;
        }
        sum = sum.rotate_left(1) ^ (*done).number;
        if refcount_dec_and_test(&raw mut (*done).references) {
            break;
        }
    }
    sum
}

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: kernel-style ITERATIONS");
    let mut request = Request {
        entry: ListHead {
            next: ptr::null_mut(),
            prev: ptr::null_mut(),
        },
        references: RefCount(1),
        number: 0,
    };
    // SAFETY: the request lives longer than the queue, and has a reference of its own.
    let sum = unsafe { send_all(iterations, &Queue::new(), &mut request) };
    println!("{sum:016x}");
}
