//! The `process` lens: what the kernel says of the child's memory.
//!
//! `VmHWM` and not `ru_maxrss`: on Linux the latter survives `exec`, and an empty test would
//! inherit the peak of its runner. The reading is done without allocating. What the lenses
//! themselves hold is taken off.

mod own;
#[cfg(target_os = "linux")]
mod status;
#[cfg(target_os = "linux")]
pub(crate) mod tree;

use serde::{Deserialize, Serialize};

/// The kernel's figures for the child, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// Just before the work began: the program, its runtime, the preparation.
    pub start: Resident,
    /// When the work had returned.
    pub end: Resident,
    /// The most memory that was resident at any moment of the work (`VmHWM`, reset at its start);
    /// where child processes count, the most that a sample saw of all, if that is more.
    pub peak_rss: u64,
    /// The most that was anonymous; none where no budget asks for it.
    pub peak_anonymous: Option<Sampled>,
    /// The most address space that was mapped in the process's life (`VmPeak`).
    pub peak_virtual: u64,
    /// When the work ran, for whoever looks from outside.
    pub window: Window,
}

/// What was resident at one moment; of the process itself, and of those below it where the case
/// says `children`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resident {
    /// All of it (`VmRSS`).
    pub rss: u64,
    /// Heap, stacks and other memory without a file (`RssAnon`).
    pub anonymous: u64,
    /// Pages of mapped files, code included (`RssFile`).
    pub file: u64,
    /// Shared memory (`RssShmem`).
    pub shmem: u64,
    /// The same as `rss`, each page divided by the number of processes that map it; none before
    /// Linux 4.14.
    pub pss: Option<u64>,
    /// Mapped address space, of the process itself alone (`VmSize`).
    pub address_space: u64,
}

/// A peak of which only samples are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampled {
    /// The most that was seen, at the end of the work too.
    pub seen: u64,
    /// What it cannot have exceeded if the pages of files never were fewer than at the start, at
    /// the end and in each sample: `VmHWM` without them. Of a tree of processes it is not known.
    pub at_most: Option<u64>,
    /// How many samples fell into the work.
    pub samples: u64,
    /// The longest time without one, in seconds.
    pub longest_gap: f64,
}

/// The edges of the work in nanoseconds of the system's monotonic clock, and what the lenses
/// themselves held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// When it was opened.
    pub opened: u64,
    /// When it was closed.
    pub closed: u64,
    /// Anonymous memory of the lenses.
    pub own_anonymous: u64,
    /// Shared memory of the lenses when the window was opened.
    pub own_shmem: u64,
}

/// What was resident when the work began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    resident: Resident,
    own: own::Own,
    at: u64,
}

#[cfg(target_os = "linux")]
pub(crate) use on_linux::{close, look, now, open};

#[cfg(target_os = "linux")]
mod on_linux {
    use std::path::Path;

    use rustix::time::{ClockId, clock_gettime};

    use super::own::Own;
    use super::status::{Status, pss, status};
    use super::{Process, Resident, Start, Window, tree};

    /// Sets the kernel's high-water mark back to what is resident now, and notes that.
    pub(crate) fn open(children: bool) -> Result<Start, &'static str> {
        // Asked first: it allocates.
        let below = if children { of_descendants(std::process::id()) } else { Resident::NOTHING };
        let pss = pss(Path::new("/proc/self/smaps_rollup"));
        std::fs::write("/proc/self/clear_refs", "5")
            .map_err(|_| "the kernel refused to reset the peak (/proc/self/clear_refs)")?;
        let own = Own::now();
        let status = status(Path::new("/proc/self/status"))?;
        let resident = own.taken_off(resident(&status, pss)).and(below);
        Ok(Start { resident, own, at: now() })
    }

    /// Reads the figures at the end of the work, which used so much of the painted stack.
    pub(crate) fn close(
        start: Start,
        children: bool,
        stack_used: u64,
    ) -> Result<Process, &'static str> {
        let closed = now();
        let status = status(Path::new("/proc/self/status"))?;
        let own = Own::now().without_stack(stack_used);
        let pss = pss(Path::new("/proc/self/smaps_rollup"));
        let below = if children { of_descendants(std::process::id()) } else { Resident::NOTHING };
        let end = own.taken_off(resident(&status, pss)).and(below);
        // Its moment may have been at any time, so that no more of the tables is taken off than
        // was there at the start.
        let at_peak = start.own.without_stack(stack_used);
        Ok(Process {
            start: start.resident,
            end,
            peak_rss: status.peak.saturating_sub(at_peak.resident()).max(end.rss),
            peak_anonymous: None,
            peak_virtual: status.peak_virtual.saturating_sub(own.mapped),
            window: Window {
                opened: start.at,
                closed,
                own_anonymous: at_peak.anonymous,
                own_shmem: at_peak.shmem,
            },
        })
    }

    /// The figures as they are now, without an edge.
    pub(crate) fn look() -> Result<Process, &'static str> {
        let pss = pss(Path::new("/proc/self/smaps_rollup"));
        let status = status(Path::new("/proc/self/status"))?;
        let own = Own::now();
        let resident = own.taken_off(resident(&status, pss));
        Ok(Process {
            start: resident,
            end: resident,
            peak_rss: resident.rss,
            peak_anonymous: None,
            peak_virtual: status.peak_virtual.saturating_sub(own.mapped),
            window: Window::default(),
        })
    }

    /// Nanoseconds of a clock that all processes share.
    pub(crate) fn now() -> u64 {
        let time = clock_gettime(ClockId::Monotonic);
        time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
    }

    fn resident(status: &Status, pss: Option<u64>) -> Resident {
        Resident {
            rss: status.resident,
            anonymous: status.anonymous,
            file: status.file,
            shmem: status.shmem,
            pss,
            address_space: status.address_space,
        }
    }

    /// What all processes below one hold together.
    fn of_descendants(pid: u32) -> Resident {
        let each = tree::descendants(pid).into_iter().filter_map(|pid| {
            let folder = tree::folder(pid);
            let status = status(&folder.join("status")).ok()?;
            let pss = pss(&folder.join("smaps_rollup"));
            Some(Resident { address_space: 0, ..resident(&status, pss) })
        });
        each.fold(Resident::NOTHING, Resident::and)
    }
}

impl Resident {
    const NOTHING: Self =
        Self { rss: 0, anonymous: 0, file: 0, shmem: 0, pss: Some(0), address_space: 0 };

    /// Both together.
    fn and(self, other: Self) -> Self {
        Self {
            rss: self.rss + other.rss,
            anonymous: self.anonymous + other.anonymous,
            file: self.file + other.file,
            shmem: self.shmem + other.shmem,
            pss: self.pss.zip(other.pss).map(|(a, b)| a + b),
            address_space: self.address_space + other.address_space,
        }
    }
}

#[cfg(not(target_os = "linux"))]
const NO_PROC: &str = "the process lens reads /proc, which only Linux has";

/// Resident memory is not read on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn look() -> Result<Process, &'static str> {
    Err(NO_PROC)
}

/// Resident memory is not read on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn open(_children: bool) -> Result<Start, &'static str> {
    Err(NO_PROC)
}

/// Resident memory is not read on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn close(_: Start, _children: bool, _stack: u64) -> Result<Process, &'static str> {
    Err(NO_PROC)
}
