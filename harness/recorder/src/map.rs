//! The recording's file in memory, shared with each process that opens the same file.
#![expect(unsafe_code, reason = "typed views of a mapped file")]

use std::fs::File;
use std::hint::black_box;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{MmapMut, MmapOptions};

use crate::account::Account;
use crate::escrow::Escrow;
use crate::header::Header;
use crate::limits::Limits;
use crate::plan::{self, ENTRIES, Plan, Slot, Totals};
use crate::shared::Shared;
use crate::table::{Bucket, Record, Table};

/// No page is smaller.
const PAGE: usize = 4_096;

/// A mapped file of at least a header's size.
#[derive(Debug)]
pub(crate) struct Map(MmapMut);

/// # Safety
/// The type has a fixed layout (`repr(C)` or `repr(transparent)`), is aligned to 128 bytes at
/// most, takes every bit pattern, and is changed through shared references only, atomically.
unsafe trait InMap {}

// SAFETY: made of atomics alone.
unsafe impl InMap for Header {}
// SAFETY: made of atomics alone.
unsafe impl InMap for Totals {}
// SAFETY: made of atomics alone.
unsafe impl InMap for Slot {}
// SAFETY: made of atomics alone.
unsafe impl InMap for Account<Shared> {}
// SAFETY: made of atomics alone.
unsafe impl InMap for Record {}
// SAFETY: made of atomics alone.
unsafe impl InMap for Bucket {}
// SAFETY: an atomic.
unsafe impl InMap for AtomicU64 {}

impl Map {
    /// Maps a file so that others see what is written.
    pub(crate) fn shared(file: &File) -> io::Result<Self> {
        // SAFETY: all views are of atomics. No code shortens the file: it is the recorder's own.
        Self::checked(unsafe { MmapMut::map_mut(file) }?)
    }

    /// Makes these bytes resident, so that no event waits for a page.
    pub(crate) fn populate(&self, bytes: Range<usize>) {
        let words = bytes.start / size_of::<u64>()..bytes.end / size_of::<u64>();
        let all = self.view::<AtomicU64>(0, self.0.len() / size_of::<u64>());
        for word in all[words].iter().step_by(PAGE / size_of::<u64>()) {
            // The compiler leaves out an addition that changes nothing.
            word.fetch_add(black_box(0), Ordering::Relaxed);
        }
    }

    /// Maps a file as it is; nothing written here reaches it.
    pub(crate) fn private(file: &File) -> io::Result<Self> {
        // SAFETY: as above; the writer has ended, or goes on through atomics.
        Self::checked(unsafe { MmapOptions::new().map_copy(file) }?)
    }

    fn checked(map: MmapMut) -> io::Result<Self> {
        if map.len() < size_of::<Header>() {
            return Err(io::Error::other("the file is too short for a header"));
        }
        Ok(Self(map))
    }

    /// Where the map lies, so that the recorder's own memory can be subtracted from a process's.
    pub(crate) fn range(&self) -> Range<usize> {
        let start = self.0.as_ptr().addr();
        start..start + self.0.len()
    }

    pub(crate) fn header(&self) -> &Header {
        &self.view::<Header>(0, 1)[0]
    }

    /// The protocol over the map's accounts. The map must be as long as the limits require.
    pub(crate) fn escrow(&self, limits: &Limits) -> Escrow<'_, Shared, ENTRIES> {
        let plan = Plan::of(limits);
        Escrow {
            totals: &self.view::<Totals>(plan.totals, 1)[0],
            slots: self.view(plan.slots, limits.threads),
            accounts: self.view(plan.accounts, plan::numbers(limits)),
            witness: (),
        }
    }

    /// The table of stacks. The map must be as long as the limits require.
    pub(crate) fn table(&self, limits: &Limits) -> Table<'_> {
        let plan = Plan::of(limits);
        Table {
            header: self.header(),
            records: self.view(plan.records, plan::numbers(limits)),
            buckets: self.view(plan.buckets, plan::buckets(limits)),
            frames: self.view(plan.frames, limits.frames),
        }
    }

    /// # Panics
    /// When the map is too short, which its opening rules out.
    fn view<T: InMap>(&self, offset: usize, count: usize) -> &[T] {
        assert!(align_of::<T>() <= 128 && offset.is_multiple_of(128), "a part is misaligned");
        assert!(offset + count * size_of::<T>() <= self.0.len(), "the map is too short");
        // SAFETY: `offset` lies inside the map, as was just checked.
        let start = unsafe { self.0.as_ptr().add(offset) }.cast::<T>();
        // SAFETY: the map starts at a page and `offset` is a multiple of 128, so `start` is
        // aligned; the bytes are mapped while `self` lives; `InMap` allows any bits in them, and
        // changes by others.
        unsafe { std::slice::from_raw_parts(start, count) }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::File;

    use rustix::fs::{MemfdFlags, memfd_create};

    use super::Map;
    use crate::system::bytes_in_memory;

    #[test]
    fn what_is_populated_is_resident_and_nothing_else() {
        let file: File = memfd_create("tables", MemfdFlags::CLOEXEC).unwrap().into();
        file.set_len(4 << 20).unwrap();
        let map = Map::shared(&file).unwrap();
        assert_eq!(bytes_in_memory(&file), 0);
        map.populate(1 << 20..2 << 20);
        assert_eq!(bytes_in_memory(&file), 1 << 20);
    }
}
