//! Where in the file what lies.

use std::ops::Range;

use crate::account::Account;
use crate::error::Error;
use crate::header::Header;
use crate::limits::Limits;
use crate::shared::Shared;
use crate::slot;
use crate::table::{Bucket, Record};
use crate::totals;

/// Entries of a thread's slot.
pub(crate) const ENTRIES: usize = 1_024;

/// The types that lie in the map.
pub(crate) type Slot = slot::Slot<Shared, ENTRIES>;
pub(crate) type Totals = totals::Totals<Shared>;

impl Limits {
    /// The size of the recording's file, and the most memory that the recorder can take beside
    /// the four bytes that every block carries.
    ///
    /// # Errors
    /// When a limit is out of its range.
    pub fn file_bytes(&self) -> Result<usize, Error> {
        self.check()?;
        Ok(Plan::of(self).end)
    }
}

/// Byte offsets of the parts, each a multiple of 128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) totals: usize,
    pub(crate) slots: usize,
    pub(crate) accounts: usize,
    pub(crate) records: usize,
    pub(crate) buckets: usize,
    pub(crate) frames: usize,
    pub(crate) end: usize,
}

impl Plan {
    /// The header comes first.
    pub(crate) fn of(limits: &Limits) -> Self {
        let mut end = size_of::<Header>();
        let mut reserve = |bytes: usize| {
            let start = end.next_multiple_of(128);
            end = start + bytes;
            start
        };
        Self {
            totals: reserve(size_of::<Totals>()),
            slots: reserve(limits.threads * size_of::<Slot>()),
            accounts: reserve(numbers(limits) * size_of::<Account<Shared>>()),
            records: reserve(numbers(limits) * size_of::<Record>()),
            buckets: reserve(buckets(limits) * size_of::<Bucket>()),
            frames: reserve(limits.frames * size_of::<u64>()),
            end: end.next_multiple_of(4_096),
        }
    }
}

impl Plan {
    /// What a program of one thread and 256 call stacks of 24 frames uses, but for the buckets,
    /// which are used all over.
    pub(crate) fn soon_used(&self, limits: &Limits) -> [Range<usize>; 5] {
        let stacks = numbers(limits).min(256);
        let threads = limits.threads.min(1);
        let words = (stacks * limits.depth.min(24)).min(limits.frames);
        let part = |start: usize, bytes: usize| start..start + bytes;
        [
            part(0, size_of::<Header>()),
            part(self.totals, size_of::<Totals>() + threads * size_of::<Slot>()),
            part(self.accounts, stacks * size_of::<Account<Shared>>()),
            part(self.records, stacks * size_of::<Record>()),
            part(self.frames, words * size_of::<u64>()),
        ]
    }
}

/// Stack numbers: 0 is unused, 1 is that of the events whose stack could not be kept.
pub(crate) fn numbers(limits: &Limits) -> usize {
    limits.stacks + 2
}

/// At most half full, so that a probe is short.
pub(crate) fn buckets(limits: &Limits) -> usize {
    (2 * limits.stacks).next_power_of_two()
}
