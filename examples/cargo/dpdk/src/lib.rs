// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Rings and packets of DPDK, in memory of the program: no device, no huge pages, and nothing of DPDK is started.
//!
//! What is done for every packet is `static inline` in DPDK's headers. Its libraries have the rest.

#![deny(missing_docs)]

use std::alloc::{alloc_zeroed, dealloc, handle_alloc_error, Layout};
use std::marker::PhantomData;
use std::mem;
use std::net::Ipv4Addr;
use std::ptr::{self, NonNull};

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

/// Boxes that threads hand to each other, first in, first out.
pub struct Ring<T> {
    ring: NonNull<rte_ring>,
    layout: Layout,
    items: PhantomData<Box<T>>,
}

// SAFETY: DPDK's functions are for several threads, and what is in the ring is nobody's.
unsafe impl<T: Send> Send for Ring<T> {}
unsafe impl<T: Send> Sync for Ring<T> {}

impl<T> Ring<T> {
    /// Makes a ring that has room for `slots - 1` boxes.
    ///
    /// # Panics
    ///
    /// If `slots` is no power of two, or larger than DPDK's rings get.
    pub fn new(slots: u32) -> Ring<T> {
        // SAFETY: it is a computation.
        let size = unsafe { rte_ring_get_memsize(slots) };
        let size = usize::try_from(size).expect("a power of two");
        let layout = Layout::from_size_align(size, mem::align_of::<rte_ring>()).unwrap();
        // SAFETY: the memory is as large as DPDK asks for, and it is ours.
        unsafe {
            let ring: *mut rte_ring = alloc_zeroed(layout).cast();
            let Some(ring) = NonNull::new(ring) else {
                handle_alloc_error(layout)
            };
            assert_eq!(rte_ring_init(ring.as_ptr(), c"ring".as_ptr(), slots, 0), 0);
            let items = PhantomData;
            Ring {
                ring,
                layout,
                items,
            }
        }
    }

    /// Puts a box in, or gives it back if there is no room.
    #[inline]
    pub fn push(&self, item: Box<T>) -> Result<(), Box<T>> {
        let pointer = Box::into_raw(item);
        // SAFETY: the ring is initialised; the box is the ring's now, unless that says no.
        match unsafe { rte_ring_enqueue(self.ring.as_ptr(), pointer.cast()) } {
            0 => Ok(()),
            _ => Err(unsafe { Box::from_raw(pointer) }),
        }
    }

    /// Takes out the box that is in there for longest.
    #[inline]
    pub fn pop(&self) -> Option<Box<T>> {
        let mut pointer = ptr::null_mut();
        // SAFETY: the ring is initialised, and all that is in it is of `push`.
        match unsafe { rte_ring_dequeue(self.ring.as_ptr(), &mut pointer) } {
            0 => Some(unsafe { Box::from_raw(pointer.cast()) }),
            _ => None,
        }
    }

    /// How many boxes are in the ring.
    #[inline]
    pub fn len(&self) -> usize {
        // SAFETY: the ring is initialised.
        unsafe { rte_ring_count(self.ring.as_ptr()) as usize }
    }

    /// Whether no box is in the ring.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T> Drop for Ring<T> {
    fn drop(&mut self) {
        while self.pop().is_some() {}
        // SAFETY: it is what `new` allocated.
        unsafe { dealloc(self.ring.as_ptr().cast(), self.layout) }
    }
}

/// How many bytes a packet has room for, the headroom before its data included.
const ROOM: usize = 2048;

/// A packet: data with room before and behind it, for headers.
pub struct Packet {
    /// Of memory that is not in a pool, so it is never DPDK's to free.
    mbuf: Box<rte_mbuf>,
    _room: Box<[u8; ROOM]>,
}

// SAFETY: what the mbuf points to is the packet's own.
unsafe impl Send for Packet {}

impl Packet {
    /// Makes an empty packet.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Packet {
        let mut room = Box::new([0; ROOM]);
        // SAFETY: of C's structures, 0 is a value for each field.
        let mut mbuf: Box<rte_mbuf> = Box::new(unsafe { mem::zeroed() });
        mbuf.buf_addr = room.as_mut_ptr().cast();
        mbuf.buf_len = ROOM as u16;
        let mut packet = Packet { mbuf, _room: room };
        packet.clear();
        packet
    }

    /// Makes the packet empty again.
    #[inline]
    pub fn clear(&mut self) {
        // SAFETY: the mbuf has its memory.
        unsafe { rte_pktmbuf_reset(&mut *self.mbuf) }
    }

    /// Adds bytes behind the data; `None` if there is no room.
    #[inline]
    pub fn append(&mut self, length: u16) -> Option<&mut [u8]> {
        // SAFETY: the mbuf is initialised, and alone.
        let start = unsafe { rte_pktmbuf_append(&mut *self.mbuf, length) };
        self.added(start.cast(), length)
    }

    /// Adds bytes before the data; `None` if there is no room.
    #[inline]
    pub fn prepend(&mut self, length: u16) -> Option<&mut [u8]> {
        // SAFETY: the mbuf is initialised, and alone.
        let start = unsafe { rte_pktmbuf_prepend(&mut *self.mbuf, length) };
        self.added(start.cast(), length)
    }

    #[inline]
    fn added(&mut self, start: *mut u8, length: u16) -> Option<&mut [u8]> {
        // SAFETY: DPDK says where in the packet's memory there is room for them.
        NonNull::new(start)
            .map(|start| unsafe { std::slice::from_raw_parts_mut(start.as_ptr(), length.into()) })
    }

    /// Takes bytes off the start of the data, and says whether there were so many.
    #[inline]
    pub fn remove_first(&mut self, length: u16) -> bool {
        // SAFETY: the mbuf is initialised, and alone.
        !unsafe { rte_pktmbuf_adj(&mut *self.mbuf, length) }.is_null()
    }

    /// Takes bytes off the end of the data, and says whether there were so many.
    #[inline]
    pub fn remove_last(&mut self, length: u16) -> bool {
        // SAFETY: the mbuf is initialised, and alone.
        unsafe { rte_pktmbuf_trim(&mut *self.mbuf, length) == 0 }
    }

    /// The data.
    #[inline]
    pub fn data(&self) -> &[u8] {
        let mbuf = &*self.mbuf;
        // SAFETY: DPDK keeps the data within the packet's memory.
        unsafe {
            let start: *const u8 = mbuf.buf_addr.cast();
            std::slice::from_raw_parts(start.add(mbuf.data_off.into()), mbuf.data_len.into())
        }
    }
}

/// How long [`ipv4_header`] is.
pub const IPV4_HEADER: usize = mem::size_of::<rte_ipv4_hdr>();

/// Returns a header for a UDP packet with `length` bytes of data, its checksum filled in.
#[inline]
pub fn ipv4_header(source: Ipv4Addr, destination: Ipv4Addr, length: u16) -> [u8; IPV4_HEADER] {
    // SAFETY: these are numbers only; `rte_ipv4_hdr` is packed, so it has no padding.
    unsafe {
        let mut header: rte_ipv4_hdr = mem::zeroed();
        header.__bindgen_anon_1.version_ihl = 0x45;
        header.total_length = (IPV4_HEADER as u16 + length).to_be();
        header.time_to_live = 64;
        header.next_proto_id = 17;
        header.src_addr = u32::from(source).to_be();
        header.dst_addr = u32::from(destination).to_be();
        header.hdr_checksum = rte_ipv4_cksum(&header);
        mem::transmute(header)
    }
}
