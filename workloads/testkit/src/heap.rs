//! Counts what is live on the heap, the most that ever was, and blocks.
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: testkit::heap::Counted = testkit::heap::Counted;
//!
//! let before = testkit::heap::live_bytes();
//! let block = vec![0_u8; 1000];
//! assert_eq!(testkit::heap::live_bytes() - before, 1000);
//! drop(block);
//! ```
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait over raw blocks")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static BLOCKS: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted. C code does not allocate here, and is not counted.
///
/// A block that grows counts as a second block, since both can be live while the content is copied.
#[derive(Debug, Clone, Copy)]
pub struct Counted;

/// The bytes of all threads that are live now: 0 unless [`Counted`] is the global allocator.
pub fn live_bytes() -> usize {
    LIVE.load(Relaxed)
}

/// The most bytes that were live at once since the last call, or since the start.
pub fn take_peak_bytes() -> usize {
    PEAK.swap(live_bytes(), Relaxed)
}

/// The blocks that were ever allocated.
pub fn blocks() -> usize {
    BLOCKS.load(Relaxed)
}

fn add(bytes: usize) {
    let live = LIVE.fetch_add(bytes, Relaxed) + bytes;
    BLOCKS.fetch_add(1, Relaxed);
    if live > PEAK.load(Relaxed) {
        PEAK.fetch_max(live, Relaxed);
    }
}

// SAFETY: every call goes on to the system's allocator with the same arguments.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller keeps the contract, which is the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract, which is the system allocator's.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        add(bytes);
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract, which is the system allocator's.
        unsafe { System.realloc(block, layout, bytes) }
    }
}
