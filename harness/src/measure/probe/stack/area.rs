//! Memory for a stack: a mapping of its own, with a guard below it.
#![expect(unsafe_code, reason = "a stack is raw memory")]

use std::io;
use std::ops::Range;
use std::ptr;

use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags, madvise, mmap_anonymous, mprotect};
use rustix::process::{Resource, getrlimit};

/// So much right below a stack cannot be touched. Rust's own code probes page by page; C code may leap.
pub(crate) const GUARD: usize = 1 << 20;

/// Enough for a signal handler and for what the kernel saves, wide vector registers too.
const ALTERNATE: usize = 64 << 10;

/// Address space that goes with a stack.
pub(crate) const BELOW: usize = ALTERNATE + GUARD;

/// Where a stack lies. It is never given back: a process is measured once.
#[derive(Debug, Clone)]
pub(crate) struct Area {
    /// What may be used.
    pub(crate) stack: Range<usize>,
    /// Below it and its guard: where signals are handled, since the stack itself has no room for an overflow.
    pub(crate) alternate: Range<usize>,
}

impl Area {
    /// As large as the main thread's stack may become, or 8 MiB where that has no limit.
    pub(crate) fn for_the_work() -> io::Result<Self> {
        let limit = getrlimit(Resource::Stack).current;
        let bytes = limit.filter(|&limit| limit <= 1 << 30).unwrap_or(8 << 20) as usize;
        Self::new(bytes)
    }

    /// Of so many bytes, rounded up to a multiple of 64 KiB.
    pub(crate) fn new(bytes: usize) -> io::Result<Self> {
        let bytes = bytes.max(1 << 16).next_multiple_of(1 << 16);
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: a new mapping at an address of the kernel's choice touches no other memory.
        let start =
            unsafe { mmap_anonymous(ptr::null_mut(), BELOW + bytes, ProtFlags::empty(), flags) }?;
        let low = start.wrapping_byte_add(BELOW);
        let rights = MprotectFlags::READ | MprotectFlags::WRITE;
        // SAFETY: the range is the upper part of the mapping just made, which nobody uses yet.
        unsafe { mprotect(low, bytes, rights) }?;
        // SAFETY: the same of its lowest part.
        unsafe { mprotect(start, ALTERNATE, rights) }?;
        // SAFETY: as above; the advice changes no content. Huge pages would blur what is resident.
        unsafe { madvise(low, bytes, Advice::LinuxNoHugepage) }.or_else(|error| match error {
            // A kernel without huge pages.
            rustix::io::Errno::INVAL => Ok(()),
            error => Err(error),
        })?;
        let (start, low) = (start.expose_provenance(), low.expose_provenance());
        Ok(Self { stack: low..low + bytes, alternate: start..start + ALTERNATE })
    }
}
