// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Rings keep the order, also between threads; packets have the bytes that were put in.

use dpdk::{ipv4_header, Packet, Ring, IPV4_HEADER};
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn first_in_first_out() {
    let ring = Ring::new(8);
    for round in 0..100 {
        for number in 0..7 {
            assert_eq!(ring.push(Box::new(10 * round + number)), Ok(()));
        }
        assert_eq!(ring.push(Box::new(-1)), Err(Box::new(-1)), "it is full");
        assert_eq!(ring.len(), 7);
        for number in 0..7 {
            assert_eq!(ring.pop(), Some(Box::new(10 * round + number)));
        }
        assert_eq!(ring.pop(), None);
        assert!(ring.is_empty());
    }
}

#[test]
fn what_is_left_is_dropped() {
    static DROPPED: AtomicUsize = AtomicUsize::new(0);
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
    }
    let ring = Ring::new(4);
    for _ in 0..3 {
        assert!(ring.push(Box::new(Counted)).is_ok());
    }
    drop(ring);
    assert_eq!(DROPPED.load(Ordering::Relaxed), 3);
}

/// Two threads put numbers in, two take them out: none is lost or seen twice, and those of one thread stay in order.
#[test]
fn between_threads() {
    const COUNT: u64 = 20_000;
    let ring = Ring::new(64);
    let taken = AtomicUsize::new(0);
    let take = || {
        let mut numbers = Vec::new();
        while taken.load(Ordering::Relaxed) < 2 * COUNT as usize {
            if let Some(number) = ring.pop() {
                taken.fetch_add(1, Ordering::Relaxed);
                numbers.push(*number);
            } else {
                thread::yield_now();
            }
        }
        numbers
    };
    let put = |parity: u64| {
        for number in 0..COUNT {
            let mut item = Box::new(2 * number + parity);
            while let Err(back) = ring.push(item) {
                item = back;
                thread::yield_now();
            }
        }
    };
    let mut all: Vec<u64> = thread::scope(|scope| {
        let takers = [scope.spawn(take), scope.spawn(take)];
        scope.spawn(|| put(0));
        scope.spawn(|| put(1));
        let taken = takers.map(|taker| taker.join().unwrap());
        for numbers in &taken {
            for parity in 0..2 {
                let of_one = numbers.iter().filter(|&number| number % 2 == parity);
                assert!(of_one.is_sorted());
            }
        }
        taken.concat()
    });
    all.sort_unstable();
    assert!(all.into_iter().eq(0..2 * COUNT));
}

#[test]
fn a_packet_grows_and_shrinks_at_both_ends() {
    let mut packet = Packet::new();
    packet.append(5).unwrap().copy_from_slice(b"hello");
    packet.prepend(3).unwrap().copy_from_slice(b"123");
    packet.append(1).unwrap().copy_from_slice(b"!");
    assert_eq!(packet.data(), b"123hello!");
    assert!(packet.remove_first(4));
    assert!(packet.remove_last(2));
    assert_eq!(packet.data(), b"ell");
    assert!(!packet.remove_first(4) && !packet.remove_last(4));
    assert!(packet.append(60_000).is_none() && packet.prepend(60_000).is_none());
    packet.clear();
    assert_eq!(packet.data(), b"");
}

#[test]
fn packets_through_a_ring() {
    let ring = Ring::new(16);
    for number in 0..15_u8 {
        let mut packet = Box::new(Packet::new());
        packet.append(1).unwrap()[0] = number;
        assert!(ring.push(packet).is_ok());
    }
    for number in 0..15 {
        assert_eq!(ring.pop().unwrap().data(), [number]);
    }
}

/// The example of Wikipedia's page on the checksum, and a sum by the words of RFC 1071.
#[test]
fn checksum() {
    let (source, destination) = ([192, 168, 0, 1].into(), [192, 168, 0, 199].into());
    let header = ipv4_header(source, destination, 95);
    let known = [
        0x45, 0, 0, 0x73, 0, 0, 0, 0, 0x40, 0x11, 0xf8, 0x61, 192, 168, 0, 1, 192, 168, 0, 199,
    ];
    assert_eq!(header, known);
    for number in 0..1000_u32 {
        let source = Ipv4Addr::from(number.wrapping_mul(0x9e37_79b9));
        let header: [u8; IPV4_HEADER] = ipv4_header(source, destination, number as u16);
        let words = header
            .chunks(2)
            .map(|word| u32::from(word[0]) << 8 | u32::from(word[1]));
        let sum: u32 = words.sum();
        assert_eq!((sum >> 16) + (sum & 0xffff), 0xffff);
    }
}
