//! Pages that cost nothing to lose: resident, and what their file holds.
//!
//! The kernel maps up to sixteen pages around each one that a guest reads, so that most of what a
//! sandbox has resident was never touched; and of those that it has written to, a quarter are what
//! they were. Such a page is given back without loss: whoever reads it again gets it from the file.
#![expect(unsafe_code, reason = "madvise takes addresses")]

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rustix::mm::{Advice, madvise};
use rustix::param::page_size;
use serde::Serialize;

use crate::image::Image;
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

/// Gives back the clean pages of a range of addresses, and of its image those that hold what their
/// file holds. The range must be mapped and stay so meanwhile, and nobody may write to it meanwhile.
pub(crate) fn trim(range: Range<usize>, image: Option<&Image>) -> Result<Trimmed> {
    let path = Path::new("/proc/self/pagemap");
    let pagemap = File::open(path).map_err(Error::io("read", path))?;
    let fails = || Error::io("give back pages of", path);
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
        let mut states: Vec<State> = entries.chunks_exact(ENTRY_BYTES).map(State::of).collect();
        if let Some(image) = image {
            unchanged(image, at, &mut states).map_err(fails())?;
        }
        for run in states.chunk_by(|a, b| a == b) {
            let bytes = (run.len() * page) as u64;
            match run[0] {
                State::Absent => {}
                State::Own => trimmed.kept_bytes += bytes,
                State::Clean => {
                    give_back(at * page..(at + run.len()) * page).map_err(fails())?;
                    trimmed.dropped_bytes += bytes;
                }
            }
            at += run.len();
        }
    }
    Ok(trimmed)
}

/// Finds pages that were written to and are what they were: of an object whose reference count went
/// up and down again, for one. `first` is the number of the first page.
fn unchanged(image: &Image, first: usize, states: &mut [State]) -> io::Result<()> {
    let page = page_size();
    let mut original = vec![0; page];
    for (at, state) in (first..).zip(states).filter(|(_, state)| **state == State::Own) {
        let addresses = at * page..(at + 1) * page;
        if addresses.start < image.addresses.start || addresses.end > image.addresses.end {
            continue;
        }
        image.read(addresses.start, &mut original)?;
        let start = std::ptr::with_exposed_provenance::<u8>(addresses.start);
        // SAFETY: the kernel says that the page is present, so that it can be read, and nobody writes
        // to it or unmaps it while this function runs, as its callers promise: it is of the memory of
        // a guest that waits. The slice does not outlive the comparison.
        let present = unsafe { std::slice::from_raw_parts(start, page) };
        if present == original {
            *state = State::Clean;
        }
    }
    Ok(())
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
    // SAFETY: the kernel has just said that these pages are of a file, or that their mapping is a
    // private one of a file whose bytes they equal; as nobody writes to them meanwhile, this still
    // holds. `MADV_DONTNEED` takes such a page out of the page table, and the next access maps the same
    // bytes from the page cache: of a private mapping those of the file, of a shared one those that
    // were last written. So no byte of any object changes, and no reference to one is invalid.
    unsafe { madvise(start, addresses.len(), Advice::LinuxDontNeed) }?;
    Ok(())
}
