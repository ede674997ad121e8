//! Counts what is live on the heap, the most that ever was, and blocks.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait over raw blocks")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static BLOCKS: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted. What C code allocates does not come here.
pub(crate) struct Counted;

pub(crate) fn live_bytes() -> usize {
    LIVE.load(Relaxed)
}

/// The most bytes that were live at once since the last call, beyond those that are live now.
pub(crate) fn peak_bytes_since() -> usize {
    let live = live_bytes();
    PEAK.swap(live, Relaxed).saturating_sub(live)
}

pub(crate) fn blocks() -> usize {
    BLOCKS.load(Relaxed)
}

fn grown(bytes: usize) {
    let live = LIVE.fetch_add(bytes, Relaxed) + bytes;
    BLOCKS.fetch_add(1, Relaxed);
    PEAK.fetch_max(live, Relaxed);
}

// SAFETY: every call is the system allocator's, with the same arguments.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller's contract is the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's contract is the system allocator's.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        grown(bytes);
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's contract is the system allocator's.
        unsafe { System.realloc(block, layout, bytes) }
    }
}
