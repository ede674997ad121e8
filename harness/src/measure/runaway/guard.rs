//! The child's guard against a runaway: the cap of the allocator, the kernel's limit on data, and
//! the note of the first block that was refused.
//!
//! ```text
//! preparation   RLIMIT_DATA at three quarters of the free memory: it is charged to nobody
//! work          the allocator refuses at the cap · RLIMIT_DATA at what is there + cap + slack
//! after it      neither: what is left is the harness's
//! ```

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use crate::measure::measurement::Outcome;
use crate::measure::probe::{Mode, heap};
use crate::measure::runaway::cap::Cap;
use crate::measure::runaway::limit_hit::{NOTE, RefusedAllocation, StopCause};
use crate::measure::runaway::reclassify;
use crate::os::machine;

/// No cap, no limit.
const NONE: u64 = u64::MAX;

/// How near to the limit a process can be that is refused a small block: what the C library asks
/// for at a time, and the main stack, which the kernel counts apart.
const GRAIN: u64 = 1 << 20;

static CAP: AtomicU64 = AtomicU64::new(NONE);
static DATA_ROOM: AtomicU64 = AtomicU64::new(NONE);
static DATA_LIMIT: AtomicU64 = AtomicU64::new(NONE);

/// Whether the line that stands for the note has been written.
static SAID: AtomicBool = AtomicBool::new(false);

/// 0, or by what the first refused block was refused.
static REFUSED_BY: AtomicU32 = AtomicU32::new(0);
static REFUSED_BYTES: AtomicU64 = AtomicU64::new(0);
static LIVE_BYTES: AtomicU64 = AtomicU64::new(0);

/// Before the preparation. What it takes is not on the work's account, and may not take the
/// machine either.
pub(crate) fn set_out(cap: &Cap, lens: Mode) {
    CAP.store(cap.bytes, Ordering::SeqCst);
    DATA_ROOM.store(cap.bytes.saturating_add(cap.slack(lens)), Ordering::SeqCst);
    if let Some(available) = cap.available {
        limit_data(available / 4 * 3);
    }
}

/// The work is about to begin: from now on the cap holds. No lens is open yet, since the kernel is
/// asked.
pub(crate) fn arm() {
    let room = DATA_ROOM.load(Ordering::SeqCst);
    if room != NONE {
        limit_data(room);
    }
    heap::refuse_above(CAP.load(Ordering::SeqCst));
}

/// The work has ended.
pub(crate) fn disarm() {
    heap::refuse_above(NONE);
    if DATA_LIMIT.swap(NONE, Ordering::SeqCst) != NONE {
        set_data_limit(None);
    }
}

/// Lets this process have so much private writable memory beyond what it has.
fn limit_data(room: u64) {
    let Some(memory) = machine::memory_of("self") else { return };
    let limit = memory.data.saturating_add(room);
    DATA_LIMIT.store(limit, Ordering::SeqCst);
    set_data_limit(Some(limit));
}

/// The soft limit alone, which can be taken back. Where the kernel refuses, the allocator's cap is
/// left.
#[cfg(target_os = "linux")]
fn set_data_limit(limit: Option<u64>) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Data).maximum;
    let current = match (limit, maximum) {
        (Some(limit), Some(maximum)) => Some(limit.min(maximum)),
        (limit, maximum) => limit.or(maximum),
    };
    let _ = setrlimit(Resource::Data, Rlimit { current, maximum });
}

#[cfg(not(target_os = "linux"))]
fn set_data_limit(_limit: Option<u64>) {}

/// The allocator has refused a block of `bytes` bytes at the cap.
#[cold]
#[inline(never)]
pub(crate) fn refused(bytes: usize) {
    note(bytes, StopCause::Allocator);
}

/// The allocator inside had no block of `bytes` bytes to give: that may be the limit's doing.
#[cold]
#[inline(never)]
pub(crate) fn starved(bytes: usize) {
    let limit = DATA_LIMIT.load(Ordering::Relaxed);
    let fits = |memory: machine::Memory| {
        memory.data.saturating_add(bytes as u64).saturating_add(GRAIN) < limit
    };
    if limit != NONE && !machine::memory_of("self").is_none_or(fits) {
        note(
            bytes,
            if heap::is_capped() { StopCause::DataLimit } else { StopCause::PreparationLimit },
        );
    }
}

fn note(bytes: usize, by: StopCause) {
    let live = heap::live_bytes();
    let number = by.number();
    let first = REFUSED_BY.compare_exchange(0, number, Ordering::SeqCst, Ordering::SeqCst).is_ok();
    if first {
        REFUSED_BYTES.store(bytes as u64, Ordering::SeqCst);
        LIVE_BYTES.store(live, Ordering::SeqCst);
    }
    if !plimsoll_recorder::refused(bytes, live, number) && !SAID.load(Ordering::SeqCst) {
        // Two threads may both say so; one that left it to the other might end the process first.
        // One write of a text on the stack: there may be no memory for more.
        let mut text = [0u8; 128];
        let mut rest = text.as_mut_slice();
        let _ = writeln!(rest, "{NOTE}{bytes} B, {}", by.name());
        let length = 128 - rest.len();
        let _ = std::io::stderr().write_all(&text[..length]);
        SAID.store(true, Ordering::SeqCst);
    }
}

/// The outcome of a work that ended in its own way: another one if it was refused a block and went
/// on all the same.
pub(crate) fn verdict(cap: &Cap, outcome: Outcome) -> Outcome {
    let Some(by) = StopCause::of_number(REFUSED_BY.load(Ordering::SeqCst)) else { return outcome };
    let refused = RefusedAllocation {
        bytes: REFUSED_BYTES.load(Ordering::SeqCst),
        live: LIVE_BYTES.load(Ordering::SeqCst),
        returns: Vec::new(),
    };
    reclassify::after_a_refusal(cap, by, refused, outcome)
}
