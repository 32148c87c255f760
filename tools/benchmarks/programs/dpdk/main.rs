// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Sends packets through a ring of DPDK: fills an IPv4 header in, and hands the packet over and takes it again; checks the
//! header, and hashes the addresses. Ring and packet are in memory of the program: nothing of DPDK needs to be started.
//! usage: dpdk ITERATIONS

#[allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/dpdk.rs"));
}
use bindings::*;
use std::alloc::{alloc_zeroed, Layout};
use std::ptr::null_mut;

const SLOTS: u32 = 64;
const HEADER: u16 = size_of::<rte_ipv4_hdr>() as u16;

/// # Safety
/// `ring` and `packet` are those of this program.
#[inline(never)]
unsafe fn work(count: u64, ring: *mut rte_ring, packet: *mut rte_mbuf) -> u64 {
    let mut sum: u64 = 0;
    for number in 0..count {
        rte_pktmbuf_reset(packet);
        let header: *mut rte_ipv4_hdr = rte_pktmbuf_append(packet, HEADER).cast();
        assert!(!header.is_null());
        (*header).src_addr = number as u32;
        (*header).dst_addr = (number >> 8) as u32;
        (*header).__bindgen_anon_1.version_ihl = 0x45;
        (*header).hdr_checksum = 0;
        (*header).hdr_checksum = rte_ipv4_cksum(header);
        assert_eq!(rte_ring_enqueue(ring, packet.cast()), 0);

        let mut received = null_mut();
        assert_eq!(rte_ring_dequeue(ring, &mut received), 0);
        let header: *const rte_ipv4_hdr = (*packet).buf_addr.byte_add((*packet).data_off.into()).cast();
        assert_eq!(rte_ipv4_cksum(header), 0);
        let hash = rte_jhash_2words((*header).src_addr, (*header).dst_addr, 0);
        assert!(!rte_pktmbuf_adj(received.cast(), HEADER).is_null());
        sum = sum.rotate_left(1) ^ u64::from(hash);
    }
    sum
}

/// Zeroed memory for a `T`, or more of it.
fn memory<T>(size: usize) -> *mut T {
    let layout = Layout::from_size_align(size.max(size_of::<T>()), align_of::<T>()).unwrap();
    // SAFETY: the size is not 0.
    unsafe { alloc_zeroed(layout).cast() }
}

pub fn run(iterations: u64) -> u64 {
    // SAFETY: the memory is as large as DPDK asks for, and 0 is a value of each field.
    unsafe {
        let ring: *mut rte_ring = memory(rte_ring_get_memsize(SLOTS) as usize);
        assert_eq!(
            rte_ring_init(ring, c"ring".as_ptr(), SLOTS, RING_F_SP_ENQ | RING_F_SC_DEQ),
            0
        );
        let packet: *mut rte_mbuf = memory(0);
        (*packet).buf_addr = memory::<[u8; 2048]>(0).cast();
        (*packet).buf_len = 2048;
        work(iterations, ring, packet)
    }
}

#[allow(dead_code)] // it is a part of ../large, too
fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: dpdk ITERATIONS");
    println!("{:016x}", run(iterations));
}
