//! A global allocator that tells the recorder of every block, as the harness's own does, and
//! beside it counts in the plainest way.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait over raw blocks")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use plimsoll_recorder::Tag;

/// Keeps each block's tag behind its last byte.
pub(crate) struct Tagged;

/// The same figures, from five atomics.
pub(crate) struct Counted {
    pub(crate) on: AtomicBool,
    pub(crate) live: AtomicI64,
    pub(crate) live_blocks: AtomicI64,
    pub(crate) peak: AtomicI64,
    pub(crate) total: AtomicI64,
    pub(crate) total_blocks: AtomicI64,
}

pub(crate) static COUNTED: Counted = Counted {
    on: AtomicBool::new(false),
    live: AtomicI64::new(0),
    live_blocks: AtomicI64::new(0),
    peak: AtomicI64::new(0),
    total: AtomicI64::new(0),
    total_blocks: AtomicI64::new(0),
};

impl Counted {
    fn add(&self, live: i64, live_blocks: i64, total: i64, total_blocks: i64) {
        if self.on.load(Ordering::Relaxed) {
            let now = self.live.fetch_add(live, Ordering::Relaxed) + live;
            self.peak.fetch_max(now, Ordering::Relaxed);
            self.live_blocks.fetch_add(live_blocks, Ordering::Relaxed);
            self.total.fetch_add(total, Ordering::Relaxed);
            self.total_blocks.fetch_add(total_blocks, Ordering::Relaxed);
        }
    }
}

const TAG_BYTES: usize = size_of::<Tag>();

fn outer(layout: Layout) -> Option<Layout> {
    Layout::from_size_align(layout.size().checked_add(TAG_BYTES)?, layout.align()).ok()
}

/// # Safety
/// The block must hold `size + TAG_BYTES` bytes.
unsafe fn write(block: *mut u8, size: usize, tag: Tag) {
    // SAFETY: the caller vouches for the bytes.
    let place = unsafe { block.add(size) }.cast::<u32>();
    // SAFETY: as above.
    unsafe { place.write_unaligned(tag.to_bits()) };
}

/// # Safety
/// The block must have been given by this allocator with this size.
unsafe fn read(block: *mut u8, size: usize) -> Tag {
    // SAFETY: the block was given with the tag's bytes behind it.
    let place = unsafe { block.add(size) }.cast::<u32>();
    // SAFETY: as above.
    Tag::from_bits(unsafe { place.read_unaligned() })
}

/// # Safety
/// The block is null or holds `size + TAG_BYTES` bytes.
unsafe fn take_in(block: *mut u8, size: usize) -> *mut u8 {
    if !block.is_null() {
        COUNTED.add(size as i64, 1, size as i64, 1);
        // SAFETY: the caller vouches for the bytes.
        unsafe { write(block, size, plimsoll_recorder::allocated(size, || ())) };
    }
    block
}

// SAFETY: every block is `System`'s, with a layout that is larger by the tag.
unsafe impl GlobalAlloc for Tagged {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(outer) = outer(layout) else { return std::ptr::null_mut() };
        // SAFETY: the layout is not empty.
        let block = unsafe { System.alloc(outer) };
        // SAFETY: the block holds the tag as well.
        unsafe { take_in(block, layout.size()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let Some(outer) = outer(layout) else { return std::ptr::null_mut() };
        // SAFETY: the layout is not empty.
        let block = unsafe { System.alloc_zeroed(outer) };
        // SAFETY: the block holds the tag as well.
        unsafe { take_in(block, layout.size()) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller hands back a block of this allocator.
        let tag = unsafe { read(block, layout.size()) };
        if tag != Tag::OUTSIDE {
            COUNTED.add(-(layout.size() as i64), -1, 0, 0);
        }
        plimsoll_recorder::freed(tag, layout.size(), || ());
        let Some(outer) = outer(layout) else { return };
        // SAFETY: the block was given with this layout.
        unsafe { System.dealloc(block, outer) };
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let (Some(outer), Some(new_outer)) = (outer(layout), new_size.checked_add(TAG_BYTES))
        else {
            return std::ptr::null_mut();
        };
        // SAFETY: the caller hands in a block of this allocator.
        let tag = unsafe { read(block, layout.size()) };
        // SAFETY: the block was given with this layout.
        let moved = unsafe { System.realloc(block, outer, new_outer) };
        if !moved.is_null() {
            let (old, new) = (layout.size() as i64, new_size as i64);
            let known = tag != Tag::OUTSIDE;
            COUNTED.add(if known { new - old } else { new }, i64::from(!known), new, 1);
            let tag = plimsoll_recorder::reallocated(tag, layout.size(), new_size, || ());
            // SAFETY: the moved block holds the tag as well.
            unsafe { write(moved, new_size, tag) };
        }
        moved
    }
}
