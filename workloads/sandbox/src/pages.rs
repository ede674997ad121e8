//! Pages that can be given back: resident, and equal to their file.
//!
//! The kernel maps up to sixteen pages around each one that a guest reads, so that most resident pages
//! of a sandbox were never read; and of the pages that it has written to, a quarter equal the file
//! again. Such a page is given back without loss: the next access reads it from the file.
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

/// The result of a trim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trimmed {
    /// Resident bytes that were given back.
    pub dropped_bytes: u64,
    /// Resident bytes that are the guest's own and stay.
    pub kept_bytes: u64,
}

/// Bits of an entry of `/proc/<pid>/pagemap`, as in the kernel's admin-guide.
const PRESENT: u64 = 1 << 63;
const OF_FILE: u64 = 1 << 61;
const ENTRIES: usize = 512;
const ENTRY_BYTES: usize = size_of::<u64>();

/// Gives back the clean pages of a range of addresses, and the written pages of its image that equal
/// the file's. Until it returns, the range must stay mapped, and no thread may write to it.
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

/// Marks pages that were written to and equal the file's again as clean: a reference count that went
/// up and down leaves such a page. `first` is the number of the first page.
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
        // SAFETY: by the page map, the page is present, so that it can be read. No thread writes to it
        // or unmaps it while this function runs, as its callers guarantee: it belongs to the memory of
        // a guest that waits. The slice does not outlive the comparison.
        let present = unsafe { std::slice::from_raw_parts(start, page) };
        if present == original {
            *state = State::Clean;
        }
    }
    Ok(())
}

/// The state of a page, from its entry in the page map.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    /// A page of the page cache. A page of a private mapping that was written to is anonymous.
    Clean,
    /// Anonymous: no other process shares it.
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
    // SAFETY: by the page map, read just before, these pages belong to a file, or to a private mapping
    // of a file whose bytes they equal; the callers of `trim` guarantee that no thread writes to them
    // meanwhile. `MADV_DONTNEED` takes such a page out of the page table, and the next access maps the
    // same bytes from the page cache: of a private mapping those of the file, of a shared one those that
    // were last written. So no byte of any object changes, and every reference to one stays valid.
    unsafe { madvise(start, addresses.len(), Advice::LinuxDontNeed) }?;
    Ok(())
}
