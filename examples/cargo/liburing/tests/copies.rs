// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! A copy has the bytes of the original. It is the kernel's io_uring that copies: without one, these tests fail.

use liburing::Copier;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

const BLOCK: usize = 4096;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    /// Writes a file and opens it again.
    fn original(&self, bytes: &[u8]) -> File {
        let path = self.0.join("original");
        File::create(&path).unwrap().write_all(bytes).unwrap();
        File::open(path).unwrap()
    }

    fn copied(&self, bytes: &[u8], length: u64) -> (u64, Vec<u8>) {
        let path = self.0.join("copy");
        let mut copier = Copier::new(BLOCK).expect("a kernel with io_uring");
        let to = File::create(&path).unwrap();
        let count = copier.copy(&self.original(bytes), &to, length).unwrap();
        (count, fs::read(path).unwrap())
    }
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length as u64)
        .map(|number| (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8)
        .collect()
}

#[test]
fn files_of_any_length() {
    let folder = Folder::new("any-length");
    let lengths = [
        0,
        1,
        BLOCK - 1,
        BLOCK,
        BLOCK + 1,
        8 * BLOCK,
        8 * BLOCK + 1,
        1_000_003,
    ];
    for length in lengths {
        let bytes = bytes(length);
        let (count, copy) = folder.copied(&bytes, length as u64);
        assert_eq!(count, length as u64);
        assert!(copy == bytes, "{length}");
    }
}

#[test]
fn a_part_of_a_file() {
    let bytes = bytes(100_000);
    let (count, copy) = Folder::new("part").copied(&bytes, 50_001);
    assert_eq!(count, 50_001);
    assert!(copy == bytes[..50_001]);
}

#[test]
fn a_file_that_is_shorter_than_it_should_be() {
    let bytes = bytes(10 * BLOCK + 5);
    let (count, copy) = Folder::new("shorter").copied(&bytes, u64::MAX / 2);
    assert_eq!(count, bytes.len() as u64);
    assert!(copy == bytes);
}

#[test]
fn one_copier_copies_again() {
    let folder = Folder::new("again");
    let mut copier = Copier::new(BLOCK).expect("a kernel with io_uring");
    for length in [3 * BLOCK, 70_000, 5] {
        let bytes = bytes(length);
        let path = folder.0.join("copy");
        let to = File::create(&path).unwrap();
        copier
            .copy(&folder.original(&bytes), &to, length as u64)
            .unwrap();
        assert!(fs::read(path).unwrap() == bytes);
    }
}

#[test]
fn the_error_of_a_write() {
    let folder = Folder::new("error");
    let from = folder.original(&bytes(BLOCK));
    let mut copier = Copier::new(BLOCK).expect("a kernel with io_uring");
    // It is open for reading.
    let error = copier.copy(&from, &from, BLOCK as u64).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(9), "{error}"); // EBADF
    let full = File::options().write(true).open("/dev/full").unwrap();
    let error = copier.copy(&from, &full, BLOCK as u64).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}
