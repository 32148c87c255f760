// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Fills the header of a packet in, and sends the packet through a ring.
//! usage: ring ITERATIONS

use dpdk::{ipv4_header, Packet, Ring, IPV4_HEADER};

const LENGTH: u16 = IPV4_HEADER as u16;

#[inline(never)]
fn send_all(count: u64, ring: &Ring<Packet>) -> u64 {
    let mut packet = Box::new(Packet::new());
    let mut sum = 0_u64;
    for number in 0..count as u32 {
        packet.clear();
        let header = ipv4_header(number.into(), (!number).into(), 0);
        packet.append(LENGTH).unwrap().copy_from_slice(&header);
        assert!(ring.push(packet).is_ok());
        packet = ring.pop().unwrap();
        let checksum = [packet.data()[10], packet.data()[11]];
        sum = sum.rotate_left(1) ^ u64::from(u16::from_be_bytes(checksum));
        assert!(packet.remove_first(LENGTH));
    }
    sum
}

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    println!(
        "{:016x}",
        send_all(iterations.unwrap_or(1_000_000), &Ring::new(64))
    );
}
