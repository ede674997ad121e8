//! The `heap` probe: what the Rust allocator gave to the work, exactly, under threads too.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use plimsoll_recorder::Access;
use serde::{Deserialize, Serialize};

/// What a block carries: 0 when the probe was closed as it was allocated. Else the recorder's tag,
/// or 1 where only the counters are on.
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
    /// All bytes ever requested; a reallocation requests its whole new size.
    pub total_bytes: u64,
    /// All blocks ever given; a reallocation is not one more.
    pub total_blocks: u64,
    /// Blocks that were grown or shrunk.
    pub reallocations: u64,
    /// Bytes still live when the work had returned, its output among them.
    pub end_bytes: u64,
    /// Blocks still live when the work had returned.
    pub end_blocks: u64,
}

const CLOSED: u32 = 0;
const COUNTING: u32 = 1;
/// The recorder is open too, and the counters stand where each event enters it: in its order, so
/// that both see the same peak, whatever the threads do.
const RECORDING: u32 = 2;
/// As the two before, after the work has returned: blocks are only taken off its account.
const SETTLING: u32 = 3;
const SETTLING_RECORDED: u32 = 4;

/// One cache line, so that a second thread pays for one transfer and not for six.
#[repr(align(64))]
struct Counters {
    mode: AtomicU32,
    live_bytes: AtomicU64,
    live_blocks: AtomicU64,
    peak_bytes: AtomicU64,
    peak_blocks: AtomicU64,
    total_bytes: AtomicU64,
    total_blocks: AtomicU64,
    reallocations: AtomicU64,
    /// The highest peaks of the stretches before the current one.
    peak_bytes_before: AtomicU64,
    peak_blocks_before: AtomicU64,
}

static COUNTERS: Counters = Counters {
    mode: AtomicU32::new(CLOSED),
    live_bytes: AtomicU64::new(0),
    live_blocks: AtomicU64::new(0),
    peak_bytes: AtomicU64::new(0),
    peak_blocks: AtomicU64::new(0),
    total_bytes: AtomicU64::new(0),
    total_blocks: AtomicU64::new(0),
    reallocations: AtomicU64::new(0),
    peak_bytes_before: AtomicU64::new(0),
    peak_blocks_before: AtomicU64::new(0),
};

/// Apart from the counters: it hardly ever changes, and no thread waits to read it.
static CAP: AtomicU64 = AtomicU64::new(u64::MAX);

/// From now on blocks are refused that would make more bytes live than this.
pub(crate) fn refuse_above(bytes: u64) {
    CAP.store(bytes, Ordering::SeqCst);
}

/// Whether there is a cap.
pub(crate) fn is_capped() -> bool {
    CAP.load(Ordering::Relaxed) != u64::MAX
}

/// Whether so many more bytes fit under the cap. Threads that call this at the same moment all see
/// the same room, so that each of them can go beyond it by its one request.
#[inline(always)]
pub(crate) fn has_room(bytes: usize) -> bool {
    live_bytes().wrapping_add(bytes as u64) <= CAP.load(Ordering::Relaxed)
}

/// What is live now of the work's blocks.
#[inline(always)]
pub(crate) fn live_bytes() -> u64 {
    COUNTERS.live_bytes.load(Ordering::Relaxed)
}

/// How many more bytes a block takes that is to grow, or none when it is to shrink.
#[inline(always)]
pub(crate) fn growth(tag: Tag, old_size: usize, new_size: usize) -> usize {
    match tag {
        _ if new_size <= old_size => 0,
        // It is charged whole, as it was not on the account.
        OUTSIDE => new_size,
        _ => new_size - old_size,
    }
}

/// Starts counting, after the recorder was opened. A process is measured once, so the counters
/// stand at zero.
pub(crate) fn open() {
    let mode = if plimsoll_recorder::is_open() { RECORDING } else { COUNTING };
    COUNTERS.mode.store(mode, Ordering::SeqCst);
}

/// The work has returned: from now on a block that is freed is taken off its account, and none comes on
/// it. Peaks and totals stand.
pub(crate) fn settle() {
    let settling = match COUNTERS.mode.load(Ordering::SeqCst) {
        COUNTING => SETTLING,
        RECORDING => SETTLING_RECORDED,
        other => other,
    };
    COUNTERS.mode.store(settling, Ordering::SeqCst);
}

/// Stops counting and reads the counters. Where the recorder was open it has been closed before:
/// from then on no event reaches the counters either.
pub(crate) fn close() -> Heap {
    COUNTERS.mode.store(CLOSED, Ordering::SeqCst);
    COUNTERS.read()
}

/// Begins a new stretch, whose peak is its own, and reads the counters at the end of the one
/// before: its peaks, its live memory and its totals. Nothing must be counted meanwhile.
pub(crate) fn turn() -> Heap {
    let stretch = COUNTERS.read_stretch();
    COUNTERS.peak_bytes_before.fetch_max(stretch.peak_bytes, Ordering::SeqCst);
    COUNTERS.peak_blocks_before.fetch_max(stretch.peak_blocks, Ordering::SeqCst);
    COUNTERS.peak_bytes.store(stretch.end_bytes, Ordering::SeqCst);
    COUNTERS.peak_blocks.store(stretch.end_blocks, Ordering::SeqCst);
    stretch
}

/// Whether the counting allocator is installed: a block allocated with the probe open must show.
pub(crate) fn is_installed() -> bool {
    let before = COUNTERS.total_blocks.load(Ordering::SeqCst);
    COUNTERS.mode.store(COUNTING, Ordering::SeqCst);
    drop(std::hint::black_box(Box::new(0u8)));
    COUNTERS.mode.store(CLOSED, Ordering::SeqCst);
    let seen = COUNTERS.total_blocks.load(Ordering::SeqCst) > before;
    for counter in
        [&COUNTERS.peak_bytes, &COUNTERS.peak_blocks, &COUNTERS.total_bytes, &COUNTERS.total_blocks]
    {
        counter.store(0, Ordering::SeqCst);
    }
    seen
}

/// Counts a fresh block and returns the tag that it is to carry.
pub(crate) fn allocated(size: usize) -> Tag {
    let count = |access| COUNTERS.allocated(size as u64, access);
    match COUNTERS.mode.load(Ordering::Relaxed) {
        CLOSED | SETTLING | SETTLING_RECORDED => OUTSIDE,
        RECORDING => plimsoll_recorder::allocated(size, count).to_bits(),
        _ => {
            count(Access::Shared);
            INSIDE
        }
    }
}

/// Takes a block off the account of the work, if it was on it.
pub(crate) fn freed(tag: Tag, size: usize) {
    if tag == OUTSIDE {
        return;
    }
    let count = |access| COUNTERS.freed(size as u64, access);
    match COUNTERS.mode.load(Ordering::Relaxed) {
        CLOSED => {}
        RECORDING | SETTLING_RECORDED => plimsoll_recorder::freed(recorded(tag), size, count),
        _ => count(Access::Shared),
    }
}

/// Counts a block that changed its size and returns the tag that it is to carry from now on.
pub(crate) fn reallocated(tag: Tag, old_size: usize, new_size: usize) -> Tag {
    let known = tag != OUTSIDE;
    let count = |access| COUNTERS.reallocated(known, old_size as u64, new_size as u64, access);
    match COUNTERS.mode.load(Ordering::Relaxed) {
        CLOSED => tag,
        SETTLING | SETTLING_RECORDED => {
            freed(tag, old_size);
            OUTSIDE
        }
        RECORDING => {
            plimsoll_recorder::reallocated(recorded(tag), old_size, new_size, count).to_bits()
        }
        _ => {
            count(Access::Shared);
            INSIDE
        }
    }
}

fn recorded(tag: Tag) -> plimsoll_recorder::Tag {
    plimsoll_recorder::Tag::from_bits(tag)
}

impl Counters {
    fn read(&self) -> Heap {
        let stretch = self.read_stretch();
        let peak_bytes = self.peak_bytes_before.load(Ordering::SeqCst).max(stretch.peak_bytes);
        let peak_blocks = self.peak_blocks_before.load(Ordering::SeqCst).max(stretch.peak_blocks);
        Heap { peak_bytes, peak_blocks, ..stretch }
    }

    fn read_stretch(&self) -> Heap {
        let value = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Heap {
            peak_bytes: value(&self.peak_bytes),
            peak_blocks: value(&self.peak_blocks),
            total_bytes: value(&self.total_bytes),
            total_blocks: value(&self.total_blocks),
            reallocations: value(&self.reallocations),
            end_bytes: value(&self.live_bytes),
            end_blocks: value(&self.live_blocks),
        }
    }

    #[inline]
    fn allocated(&self, size: u64, access: Access) {
        add(&self.total_blocks, 1, access);
        add(&self.total_bytes, size, access);
        self.grown(1, size, access);
    }

    #[inline]
    fn freed(&self, size: u64, access: Access) {
        add(&self.live_blocks, 1u64.wrapping_neg(), access);
        add(&self.live_bytes, size.wrapping_neg(), access);
    }

    #[inline]
    fn reallocated(&self, known: bool, old_size: u64, new_size: u64, access: Access) {
        add(&self.reallocations, 1, access);
        add(&self.total_bytes, new_size, access);
        match known {
            false => self.grown(1, new_size, access),
            true => self.grown(0, new_size.wrapping_sub(old_size), access),
        }
    }

    /// Every change of `live` is one step, so each value that it takes is seen by the thread that
    /// made it: the largest of them is the exact peak of the order in which the steps happened.
    #[inline]
    fn grown(&self, blocks: u64, bytes: u64, access: Access) {
        let live = add(&self.live_bytes, bytes, access);
        raise(&self.peak_bytes, live, access);
        let live = add(&self.live_blocks, blocks, access);
        raise(&self.peak_blocks, live, access);
    }
}

/// Adds, modulo 2^64, and returns the sum. A locked addition costs several plain ones, which are
/// enough where no other thread can be here.
#[inline(always)]
fn add(counter: &AtomicU64, value: u64, access: Access) -> u64 {
    match access {
        Access::Exclusive => {
            let sum = counter.load(Ordering::Relaxed).wrapping_add(value);
            counter.store(sum, Ordering::Relaxed);
            sum
        }
        Access::Shared => counter.fetch_add(value, Ordering::Relaxed).wrapping_add(value),
    }
}

/// Raises a peak to `value`, if it is lower.
#[inline(always)]
fn raise(peak: &AtomicU64, value: u64, access: Access) {
    if value > peak.load(Ordering::Relaxed) {
        match access {
            Access::Exclusive => peak.store(value, Ordering::Relaxed),
            Access::Shared => {
                peak.fetch_max(value, Ordering::Relaxed);
            }
        }
    }
}
