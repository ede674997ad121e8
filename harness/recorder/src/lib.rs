//! Every allocation with its call stack, exactly, for tens of nanoseconds each.
//!
//! The recorder lives under a global allocator, which reports each block to it and keeps four
//! bytes with each: a [`Tag`]. It walks the stack along frame pointers, keeps every different
//! stack once, and for each the bytes and blocks in all, live, and at the moment when the whole
//! program held the most: exactly, under threads too. Its tables lie in a file, so that another
//! process reads them after any death of this one.
//!
//! ```
//! use plimsoll_recorder::{Limits, Recorder, Recording, State};
//!
//! let folder = std::env::temp_dir().join(format!("recorder-{}", std::process::id()));
//! Recorder::create(&folder, Limits::default())?.install()?;
//!
//! plimsoll_recorder::open();
//! let tag = plimsoll_recorder::allocated(1 << 20, |_| ()); // what a global allocator calls …
//! plimsoll_recorder::freed(tag, 1 << 20, |_| ()); // … for every block
//! plimsoll_recorder::close();
//!
//! let recording = Recording::read(&folder)?;
//! assert_eq!(recording.state, State::Closed);
//! assert_eq!(recording.totals.peak.bytes, 1 << 20);
//! assert_eq!(recording.totals.end.bytes, 0);
//! assert_eq!(recording.faults, []);
//! # std::fs::remove_file(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Limitations
//! * Linux on x86-64 and aarch64, and a program built with `-C force-frame-pointers=yes`:
//!   [`Recorder::create`] checks that, and says what to do. C code has no frame pointers; frames
//!   beyond a callback from C may be missing or foreign, those before it are right.
//! * The child of a fork records nothing. (One made by a bare system call, behind the C library's
//!   back, must not allocate.)
//! * An allocation of a signal handler that interrupts the recorder itself is missed, and reported as
//!   a [`Fault`].

mod account;
mod bias;
mod change;
mod error;
mod escrow;
mod events;
mod fault;
mod fingerprint;
mod folded;
mod header;
mod limits;
mod map;
mod moment;
mod plan;
mod primitives;
mod recorder;
mod recording;
mod refusal;
mod shared;
mod slot;
mod system;
mod table;
mod tag;
mod thread;
mod totals;
mod usage;
mod walk;

pub use error::Error;
pub use escrow::Access;
pub use events::{allocated, freed, reallocated, refused};
pub use fault::Fault;
pub use limits::{Limits, MOST_FRAMES};
pub use moment::{Balance, Moment};
pub use recorder::{Recorder, TableBytes, at_one_moment, close, is_open, open, table_bytes};
pub use recording::{Executable, Recording, Stack, State};
pub use refusal::Refusal;
pub use tag::Tag;
pub use usage::{Amount, Usage};
