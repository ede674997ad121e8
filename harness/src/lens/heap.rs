//! The `heap` lens: what the Rust allocator gave to the work, exactly, under threads too.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// What a block carries: 0 when the lens was closed as it was allocated, 1 when it was open.
pub(crate) type Tag = u32;

const OUTSIDE: Tag = 0;
const INSIDE: Tag = 1;

/// What the work took from the Rust allocator. Blocks that were allocated before the work began
/// are not on its account, whether it keeps or frees them; one that it *grows* is charged whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heap {
    /// The most bytes that were live at any one moment.
    pub peak_bytes: u64,
    /// The most blocks that were live at any one moment (not necessarily the same one).
    pub peak_blocks: u64,
    /// All bytes ever asked for; a reallocation asks for its whole new size.
    pub total_bytes: u64,
    /// All blocks ever given; a reallocation is not one more.
    pub total_blocks: u64,
    /// Blocks that were grown or shrunk.
    pub reallocations: u64,
    /// Bytes still live when the work had returned, its answer among them.
    pub end_bytes: u64,
    /// Blocks still live when the work had returned.
    pub end_blocks: u64,
}

/// One cache line, so that a second thread pays for one transfer and not for six.
#[repr(align(64))]
struct Counters {
    open: AtomicU32,
    live_bytes: AtomicU64,
    live_blocks: AtomicU64,
    peak_bytes: AtomicU64,
    peak_blocks: AtomicU64,
    total_bytes: AtomicU64,
    total_blocks: AtomicU64,
    reallocations: AtomicU64,
}

static COUNTERS: Counters = Counters {
    open: AtomicU32::new(OUTSIDE),
    live_bytes: AtomicU64::new(0),
    live_blocks: AtomicU64::new(0),
    peak_bytes: AtomicU64::new(0),
    peak_blocks: AtomicU64::new(0),
    total_bytes: AtomicU64::new(0),
    total_blocks: AtomicU64::new(0),
    reallocations: AtomicU64::new(0),
};

/// Starts counting. A process is measured once, so the counters stand at zero.
pub(crate) fn open() {
    COUNTERS.open.store(INSIDE, Ordering::SeqCst);
}

/// Stops counting and reads the counters.
pub(crate) fn close() -> Heap {
    COUNTERS.open.store(OUTSIDE, Ordering::SeqCst);
    read()
}

/// Whether the counting allocator is installed: a block allocated with the lens open must show.
pub(crate) fn is_installed() -> bool {
    let before = COUNTERS.total_blocks.load(Ordering::SeqCst);
    open();
    drop(std::hint::black_box(Box::new(0u8)));
    let seen = close().total_blocks > before;
    for counter in
        [&COUNTERS.peak_bytes, &COUNTERS.peak_blocks, &COUNTERS.total_bytes, &COUNTERS.total_blocks]
    {
        counter.store(0, Ordering::SeqCst);
    }
    seen
}

fn read() -> Heap {
    let value = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
    Heap {
        peak_bytes: value(&COUNTERS.peak_bytes),
        peak_blocks: value(&COUNTERS.peak_blocks),
        total_bytes: value(&COUNTERS.total_bytes),
        total_blocks: value(&COUNTERS.total_blocks),
        reallocations: value(&COUNTERS.reallocations),
        end_bytes: value(&COUNTERS.live_bytes),
        end_blocks: value(&COUNTERS.live_blocks),
    }
}

/// Counts a fresh block and returns the tag that it is to carry.
pub(crate) fn allocated(size: usize) -> Tag {
    if COUNTERS.open.load(Ordering::Relaxed) == OUTSIDE {
        return OUTSIDE;
    }
    COUNTERS.total_blocks.fetch_add(1, Ordering::Relaxed);
    COUNTERS.total_bytes.fetch_add(size as u64, Ordering::Relaxed);
    add_live(1, size as u64);
    INSIDE
}

/// Takes a block off the account of the work, if it was on it.
pub(crate) fn freed(tag: Tag, size: usize) {
    if tag == OUTSIDE {
        return;
    }
    COUNTERS.live_blocks.fetch_sub(1, Ordering::Relaxed);
    COUNTERS.live_bytes.fetch_sub(size as u64, Ordering::Relaxed);
}

/// Counts a block that changed its size and returns the tag that it is to carry from now on.
pub(crate) fn reallocated(tag: Tag, old_size: usize, new_size: usize) -> Tag {
    let open = COUNTERS.open.load(Ordering::Relaxed) == INSIDE;
    if open {
        COUNTERS.reallocations.fetch_add(1, Ordering::Relaxed);
        COUNTERS.total_bytes.fetch_add(new_size as u64, Ordering::Relaxed);
    }
    match (tag, open) {
        (INSIDE, _) if new_size >= old_size => add_live(0, (new_size - old_size) as u64),
        (INSIDE, _) => {
            COUNTERS.live_bytes.fetch_sub((old_size - new_size) as u64, Ordering::Relaxed);
        }
        (_, true) => add_live(1, new_size as u64),
        (_, false) => return OUTSIDE,
    }
    INSIDE
}

/// Every change of `live` is one atomic step, so each value that it takes is seen by the thread
/// that made it: the largest of them is the exact peak of the order in which the steps happened.
fn add_live(blocks: u64, bytes: u64) {
    let live = COUNTERS.live_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
    if live > COUNTERS.peak_bytes.load(Ordering::Relaxed) {
        COUNTERS.peak_bytes.fetch_max(live, Ordering::Relaxed);
    }
    let live = COUNTERS.live_blocks.fetch_add(blocks, Ordering::Relaxed) + blocks;
    if live > COUNTERS.peak_blocks.load(Ordering::Relaxed) {
        COUNTERS.peak_blocks.fetch_max(live, Ordering::Relaxed);
    }
}
