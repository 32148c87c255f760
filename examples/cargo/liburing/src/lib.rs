// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Copies files with io_uring: several blocks are read and written at a time.
//!
//! Most of `liburing.h` is `static inline`: to ask for a read, and to take its result, is to write and read a few words of
//! memory that the kernel shares.

#![deny(missing_docs)]

use std::ffi::c_int;
use std::fs::File;
use std::io;
use std::mem;
use std::os::fd::AsRawFd;
use std::ptr;

#[allow(
    dead_code,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals
)]
#[allow(unknown_lints, clippy::all)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}
use bindings::*;

/// How many blocks are read or written at a time.
const BLOCKS: usize = 8;

/// A ring, and the blocks that go through it.
pub struct Copier {
    ring: Box<io_uring>,
    blocks: Vec<Block>,
}

/// A part of the file that is being copied: first it is read, then what was read is written.
struct Block {
    buffer: Box<[u8]>,
    offset: u64,
    /// How many of its bytes are of the file.
    wanted: usize,
    filled: usize,
    written: usize,
}

/// The files of a copy, and how far it is.
struct Progress {
    from: c_int,
    to: c_int,
    next: u64,
    end: u64,
    copied: u64,
    in_flight: usize,
    error: Option<io::Error>,
}

impl Copier {
    /// Makes a ring for blocks of `size` bytes.
    ///
    /// # Errors
    ///
    /// Those of `io_uring_setup`: the kernel has no io_uring, or does not let this process use it.
    ///
    /// # Panics
    ///
    /// If the size is 0, or 4 GiB or more.
    pub fn new(size: usize) -> io::Result<Copier> {
        assert!(size != 0 && u32::try_from(size).is_ok());
        // SAFETY: of C's structures, 0 is a value for each field.
        let mut ring = Box::new(unsafe { mem::zeroed() });
        // SAFETY: the ring is ours.
        check(unsafe { io_uring_queue_init(BLOCKS as u32, &mut *ring, 0) })?;
        let block = || Block {
            buffer: vec![0; size].into(),
            offset: 0,
            wanted: 0,
            filled: 0,
            written: 0,
        };
        let blocks = (0..BLOCKS).map(|_| block()).collect();
        Ok(Copier { ring, blocks })
    }

    /// Copies the first `length` bytes, or all if there are fewer, and returns how many it has copied.
    ///
    /// # Errors
    ///
    /// Those of reading, of writing, and of io_uring. Blocks may have been written before.
    pub fn copy(&mut self, from: &File, to: &File, length: u64) -> io::Result<u64> {
        let mut progress = Progress {
            from: from.as_raw_fd(),
            to: to.as_raw_fd(),
            next: 0,
            end: length,
            copied: 0,
            in_flight: 0,
            error: None,
        };
        for index in 0..BLOCKS {
            self.start(index, &mut progress);
        }
        while progress.in_flight > 0 {
            // SAFETY: the ring is initialised; what it reads and writes lives in `blocks`.
            match check(unsafe { io_uring_submit_and_wait(&mut *self.ring, 1) }) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    // The kernel may still write to the blocks: they are its for ever.
                    mem::forget(mem::take(&mut self.blocks));
                    return Err(error);
                }
                Ok(_) => self.take_completions(&mut progress),
            }
        }
        progress.error.map_or(Ok(progress.copied), Err)
    }

    /// Begins with the next part of the file, if there is one.
    fn start(&mut self, index: usize, progress: &mut Progress) {
        let block = &mut self.blocks[index];
        if progress.next >= progress.end || progress.error.is_some() {
            return;
        }
        let rest = progress.end - progress.next;
        block.offset = progress.next;
        block.wanted =
            usize::try_from(rest).map_or(block.buffer.len(), |rest| rest.min(block.buffer.len()));
        (block.filled, block.written) = (0, 0);
        progress.next += block.wanted as u64;
        self.submit(index, progress);
    }

    /// Asks the kernel to read the block or, when there is nothing more to read, to write it.
    #[inline]
    fn submit(&mut self, index: usize, progress: &mut Progress) {
        let block = &mut self.blocks[index];
        // SAFETY: there is an entry for each block; the buffer has the bytes that are asked for, and lives until then.
        unsafe {
            let entry = io_uring_get_sqe(&mut *self.ring);
            assert!(!entry.is_null());
            if block.is_reading() {
                let rest = &mut block.buffer[block.filled..block.wanted];
                let offset = block.offset + block.filled as u64;
                let pointer = rest.as_mut_ptr().cast();
                io_uring_prep_read(entry, progress.from, pointer, rest.len() as u32, offset);
            } else {
                let rest = &block.buffer[block.written..block.wanted];
                let offset = block.offset + block.written as u64;
                let pointer = rest.as_ptr().cast();
                io_uring_prep_write(entry, progress.to, pointer, rest.len() as u32, offset);
            }
            io_uring_sqe_set_data64(entry, index as u64);
        }
        progress.in_flight += 1;
    }

    /// Goes on with each block that the kernel is done with.
    fn take_completions(&mut self, progress: &mut Progress) {
        let mut completion = ptr::null_mut();
        // SAFETY: the ring is initialised. A completion is valid until it is said to be seen.
        while unsafe { io_uring_peek_cqe(&mut *self.ring, &mut completion) } == 0 {
            let (index, result) = unsafe {
                let index = io_uring_cqe_get_data64(completion) as usize;
                let result = (*completion).res;
                io_uring_cqe_seen(&mut *self.ring, completion);
                (index, result)
            };
            progress.in_flight -= 1;
            self.proceed(index, result, progress);
        }
    }

    /// What follows the read or write of a block that ended with `result`.
    fn proceed(&mut self, index: usize, result: i32, progress: &mut Progress) {
        let block = &mut self.blocks[index];
        let reading = block.is_reading();
        match check(result) {
            Err(error) => {
                progress.error.get_or_insert(error);
            }
            Ok(0) if reading => {
                // The file is shorter.
                block.wanted = block.filled;
                progress.end = progress.end.min(block.offset + block.filled as u64);
            }
            Ok(0) => {
                let error = io::ErrorKind::WriteZero.into();
                progress.error.get_or_insert(error);
            }
            Ok(count) if reading => block.filled += count,
            Ok(count) => {
                block.written += count;
                progress.copied += count as u64;
            }
        }
        if progress.error.is_some() {
            return;
        }
        if block.written < block.wanted {
            self.submit(index, progress);
        } else {
            self.start(index, progress);
        }
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        // SAFETY: the ring is initialised.
        unsafe { io_uring_queue_exit(&mut *self.ring) }
    }
}

impl Block {
    /// Whether there is more to read before it is written.
    fn is_reading(&self) -> bool {
        self.filled < self.wanted
    }
}

/// The results of io_uring: a number, or an error's with a minus.
fn check(result: c_int) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::from_raw_os_error(-result))
}
