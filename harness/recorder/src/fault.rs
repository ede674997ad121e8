//! What makes a recording less than exact. None of it is silent.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::header::Header;

/// One way in which a recording is not what it should be. Its text says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Events that came while their thread was inside the recorder, as from a signal handler.
    Missed {
        /// How many.
        events: u64,
    },
    /// Events under no stack, since the table of stacks was full. Sums and peak are exact.
    StacksFull {
        /// How many.
        events: u64,
    },
    /// Events under no stack, since the table of frames was full. Sums and peak are exact.
    FramesFull {
        /// How many.
        events: u64,
    },
    /// Stacks that came when a table was nearly full, and were kept with each of their calls once:
    /// which calls led to a block is exact, how often recursion came back to them is not kept.
    Folded {
        /// How many.
        stacks: u64,
    },
    /// Events under no stack, since their thread ran on a stack that is not its own (a fiber's,
    /// an alternate one). Sums and peak are exact.
    OffStack {
        /// How many.
        events: u64,
    },
    /// Blocks that carried a tag which the recorder never gave.
    ForeignTags {
        /// How many.
        events: u64,
    },
    /// The process died in the middle of an update: the figures may be off by one event a thread.
    Torn,
    /// The accounts do not add up to the peak.
    Inconsistent {
        /// Bytes at the peak.
        totals: u64,
        /// The sum of the accounts at the peak.
        sum: u64,
    },
}

impl Fault {
    pub(crate) fn of(header: &Header) -> Vec<Self> {
        let losses = &header.losses.0;
        let events = |counter: &AtomicU64| {
            let events = counter.load(Ordering::Relaxed);
            (events > 0).then_some(events)
        };
        [
            events(&losses.missed).map(|events| Self::Missed { events }),
            events(&losses.stacks_full).map(|events| Self::StacksFull { events }),
            events(&losses.frames_full).map(|events| Self::FramesFull { events }),
            events(&header.insertion.0.folded).map(|stacks| Self::Folded { stacks }),
            events(&losses.off_stack).map(|events| Self::OffStack { events }),
            events(&losses.foreign_tags).map(|events| Self::ForeignTags { events }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missed { events } => write!(
                f,
                "{} missed, of a signal handler that interrupted the recorder: a handler must not \
                 allocate",
                number(*events, "allocation")
            ),
            Self::StacksFull { events } => write!(
                f,
                "{} without a site, since the table of stacks was full: raise `Limits::stacks`",
                number(*events, "allocation")
            ),
            Self::FramesFull { events } => write!(
                f,
                "{} without a site, since the table of frames was full: raise `Limits::frames`, or \
                 lower `Limits::depth`",
                number(*events, "allocation")
            ),
            Self::Folded { stacks } => write!(
                f,
                "{} kept with each call once, since a table was nearly full of the ways in which \
                 calls recurse",
                number(*stacks, "stack")
            ),
            Self::OffStack { events } => write!(
                f,
                "{} without a site, made on a stack that is not their thread's own (a fiber's), \
                 which is not walked: their bytes are counted all the same",
                number(*events, "allocation")
            ),
            Self::ForeignTags { events } => write!(
                f,
                "{} with a tag that was never given: something wrote past the end of its block",
                number(*events, "block")
            ),
            Self::Torn => f.write_str(
                "the process died while it entered an allocation: figures may be off by one \
                 allocation a thread",
            ),
            Self::Inconsistent { totals, sum } => write!(
                f,
                "the sites add up to {sum} bytes at the peak, the peak is {totals}: an error in \
                 the recorder, or blocks freed twice"
            ),
        }
    }
}

fn number(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
