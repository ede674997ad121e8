//! Pages that cost nothing to lose: resident, and still what their file holds.
//!
//! The kernel maps up to sixteen pages around each one that a guest reads, so that most of what a
//! sandbox has resident was never touched. A clean page of a private file mapping is given back
//! without loss: whoever reads it again gets it from the page cache.
#![expect(unsafe_code, reason = "madvise takes addresses")]

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rustix::mm::{Advice, madvise};
use rustix::param::page_size;
use serde::Serialize;

use crate::{Error, Result};

/// What a trim gave back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trimmed {
    /// Resident bytes that were given back.
    pub dropped_bytes: u64,
    /// Resident bytes that are the guest's own, and stay.
    pub kept_bytes: u64,
}

/// Bits of an entry of `/proc/<pid>/pagemap`, as the kernel's admin-guide has them.
const PRESENT: u64 = 1 << 63;
const OF_FILE: u64 = 1 << 61;
const ENTRIES: usize = 512;
const ENTRY_BYTES: usize = size_of::<u64>();

/// Gives back the clean pages of a range of addresses, which must be mapped and stay so meanwhile,
/// and to which nobody writes meanwhile.
pub(crate) fn trim(range: Range<usize>) -> Result<Trimmed> {
    let path = Path::new("/proc/self/pagemap");
    let pagemap = File::open(path).map_err(Error::io("read", path))?;
    let mut trimmed = Trimmed::default();
    let mut entries = [0; ENTRIES * ENTRY_BYTES];
    let page = page_size();
    let (mut at, end) = (range.start.div_ceil(page), range.end / page);
    while at < end {
        let pages = ENTRIES.min(end - at);
        let entries = &mut entries[..pages * ENTRY_BYTES];
        pagemap
            .read_exact_at(entries, (at * ENTRY_BYTES) as u64)
            .map_err(Error::io("read", path))?;
        let states: Vec<State> = entries.chunks_exact(ENTRY_BYTES).map(State::of).collect();
        let mut first = at;
        for run in states.chunk_by(|a, b| a == b) {
            let (addresses, bytes) = (first * page..(first + run.len()) * page, run.len() * page);
            match run[0] {
                State::Absent => {}
                State::Own => trimmed.kept_bytes += bytes as u64,
                State::Clean => {
                    give_back(addresses).map_err(Error::io("give back pages of", path))?;
                    trimmed.dropped_bytes += bytes as u64;
                }
            }
            first += run.len();
        }
        at += pages;
    }
    Ok(trimmed)
}

/// What the kernel says of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    /// A page of a file, as the page cache has it. A page of a private mapping that was written to
    /// is anonymous.
    Clean,
    /// Anonymous: nobody else has it.
    Own,
}

impl State {
    fn of(entry: &[u8]) -> Self {
        let entry = entry.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
        match (entry & PRESENT != 0, entry & OF_FILE != 0) {
            (false, _) => Self::Absent,
            (true, true) => Self::Clean,
            (true, false) => Self::Own,
        }
    }
}

fn give_back(addresses: Range<usize>) -> io::Result<()> {
    let start = std::ptr::with_exposed_provenance_mut(addresses.start);
    // SAFETY: the pages are file-backed ones, as the kernel has just said, and since nobody writes to
    // them meanwhile they still are. `MADV_DONTNEED` takes such a page out of the page table, and the
    // next access maps the same bytes from the page cache: of a private mapping because a written
    // page would be anonymous, of a shared one because the page cache holds what was written. So no
    // byte of any object changes, and no reference to one is invalid.
    unsafe { madvise(start, addresses.len(), Advice::LinuxDontNeed) }?;
    Ok(())
}
