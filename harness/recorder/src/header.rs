//! The first page of a recording: what it is, how far it got, what it lost.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::limits::Limits;
use crate::primitives::{Apart, SpinLock};
use crate::refusal::Note;
use crate::tag::UNPLACED;

/// `PLIMSOLL` in ASCII, and the version of the layout.
pub(crate) const MAGIC: u64 = u64::from_be_bytes(*b"PLIMSOLL");
pub(crate) const VERSION: u32 = 5;

pub(crate) const PREPARED: u32 = 0;
pub(crate) const OPEN: u32 = 1;
pub(crate) const CLOSED: u32 = 2;

/// Written once at the start, but for `state` and the losses, which hardly ever change.
#[derive(Debug, Default)]
#[repr(C, align(128))]
pub(crate) struct Header {
    pub(crate) magic: AtomicU64,
    pub(crate) version: AtomicU32,
    pub(crate) state: AtomicU32,
    depth: AtomicU32,
    stacks: AtomicU32,
    frames: AtomicU32,
    threads: AtomicU32,
    pub(crate) load_bias: AtomicU64,
    pub(crate) code_start: AtomicU64,
    pub(crate) code_end: AtomicU64,
    pub(crate) losses: Apart<Losses>,
    pub(crate) insertion: Apart<Insertion>,
    pub(crate) refusal: Apart<Note>,
}

/// Events that the recording lacks, or has under no stack. Each is counted.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Losses {
    /// Made while the thread was inside the recorder: a signal handler that allocated.
    pub(crate) missed: AtomicU64,
    /// Entered under no stack: the table of stacks was full.
    pub(crate) stacks_full: AtomicU64,
    /// Entered under no stack: the table of frames was full.
    pub(crate) frames_full: AtomicU64,
    /// Entered under no stack: the thread did not run on its own one.
    pub(crate) off_stack: AtomicU64,
    /// Blocks with a tag that the recorder never gave.
    pub(crate) foreign_tags: AtomicU64,
}

/// What the insertion of a stack changes.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Insertion {
    pub(crate) lock: SpinLock,
    /// The highest stack number that was given.
    pub(crate) last_stack: AtomicU32,
    pub(crate) used_frames: AtomicU32,
    /// Stacks that were inserted folded.
    pub(crate) folded: AtomicU64,
}

impl Header {
    pub(crate) fn write(&self, limits: &Limits) {
        self.depth.store(limits.depth as u32, Ordering::Relaxed);
        self.stacks.store(limits.stacks as u32, Ordering::Relaxed);
        self.frames.store(limits.frames as u32, Ordering::Relaxed);
        self.threads.store(limits.threads as u32, Ordering::Relaxed);
        self.insertion.0.last_stack.store(UNPLACED, Ordering::Relaxed);
        self.version.store(VERSION, Ordering::Relaxed);
        self.magic.store(MAGIC, Ordering::Release);
    }

    pub(crate) fn limits(&self) -> Limits {
        Limits {
            depth: self.depth.load(Ordering::Relaxed) as usize,
            stacks: self.stacks.load(Ordering::Relaxed) as usize,
            frames: self.frames.load(Ordering::Relaxed) as usize,
            threads: self.threads.load(Ordering::Relaxed) as usize,
        }
    }
}

/// Counts one loss.
#[cold]
pub(crate) fn lose(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
