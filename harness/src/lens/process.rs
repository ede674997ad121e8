//! The `process` lens: what the kernel says of the child's memory.
//!
//! `VmHWM` and not `ru_maxrss`: on Linux the latter survives `exec`, and an empty test would
//! inherit the peak of its runner. The reading is done without allocating. The recorder's tables
//! are taken off.

use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
use plimsoll_recorder::table_bytes;

/// The kernel's figures for the child, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// Resident memory just before the work began: the program, its runtime, the preparation.
    pub start_rss: u64,
    /// The most memory that was resident at any moment of the work (`VmHWM`, reset at its start).
    pub peak_rss: u64,
    /// Resident anonymous memory at the end of the work: heap and stacks (`RssAnon`).
    pub anonymous_rss: u64,
    /// Resident pages of mapped files at the end of the work, code included (`RssFile`).
    pub file_rss: u64,
    /// Resident shared memory at the end of the work (`RssShmem`).
    pub shmem_rss: u64,
    /// The most address space that was mapped in the process's life (`VmPeak`).
    pub peak_virtual: u64,
}

/// What was resident when the work began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// Without the recorder's tables.
    rss: u64,
    tables: u64,
}

/// Sets the kernel's high-water mark back to what is resident now, and notes that.
#[cfg(target_os = "linux")]
pub(crate) fn open() -> Result<Start, &'static str> {
    std::fs::write("/proc/self/clear_refs", "5")
        .map_err(|_| "the kernel refused to reset the peak (/proc/self/clear_refs)")?;
    let tables = table_bytes().in_memory;
    Ok(Start { rss: status()?.resident.saturating_sub(tables), tables })
}

/// Reads the figures at the end of the work.
#[cfg(target_os = "linux")]
pub(crate) fn close(start: Start) -> Result<Process, &'static str> {
    let status = status()?;
    let tables = table_bytes();
    Ok(Process {
        start_rss: start.rss,
        // Its moment may have been at any time, so that no more is taken off than was there then.
        peak_rss: status.peak.saturating_sub(start.tables),
        anonymous_rss: status.anonymous,
        file_rss: status.file,
        shmem_rss: status.shmem.saturating_sub(tables.in_memory),
        peak_virtual: status.peak_virtual.saturating_sub(tables.mapped),
    })
}

/// Resident memory is not read on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn open() -> Result<Start, &'static str> {
    Err("the process lens reads /proc, which only Linux has")
}

/// Resident memory is not read on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn close(_start: Start) -> Result<Process, &'static str> {
    Err("the process lens reads /proc, which only Linux has")
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Status {
    resident: u64,
    peak: u64,
    anonymous: u64,
    file: u64,
    shmem: u64,
    peak_virtual: u64,
}

#[cfg(target_os = "linux")]
fn status() -> Result<Status, &'static str> {
    use std::io::Read;
    let mut page = [0u8; 4096];
    let mut file = std::fs::File::open("/proc/self/status").map_err(|_| "no /proc/self/status")?;
    let length = file.read(&mut page).map_err(|_| "/proc/self/status cannot be read")?;
    let text = std::str::from_utf8(&page[..length]).map_err(|_| "/proc/self/status is not text")?;
    parse(text).ok_or("/proc/self/status lacks a figure that the process lens needs")
}

/// Reads the `VmRSS: 1234 kB` lines; the kernel's kB are 1,024 bytes.
fn parse(text: &str) -> Option<Status> {
    let figure = |name: &str| {
        let line = text.lines().find(|line| line.split(':').next() == Some(name))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        kilobytes.checked_mul(1024)
    };
    Some(Status {
        resident: figure("VmRSS")?,
        peak: figure("VmHWM")?,
        anonymous: figure("RssAnon")?,
        file: figure("RssFile")?,
        shmem: figure("RssShmem")?,
        peak_virtual: figure("VmPeak")?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Status, parse};

    const PAGE: &str = "Name:\ttoy\nVmPeak:\t    4000 kB\nVmSize:\t    3000 kB\nVmHWM:\t     300 kB\n\
        VmRSS:\t     200 kB\nRssAnon:\t     100 kB\nRssFile:\t      90 kB\nRssShmem:\t      10 kB\n";

    #[test]
    fn figures_are_read_in_units_of_1024_bytes() {
        let expected = Status {
            resident: 204_800,
            peak: 307_200,
            anonymous: 102_400,
            file: 92_160,
            shmem: 10_240,
            peak_virtual: 4_096_000,
        };
        assert_eq!(parse(PAGE), Some(expected));
    }

    #[test]
    fn a_page_without_a_figure_is_refused_and_not_read_as_zero() {
        for missing in ["VmHWM", "VmRSS", "RssAnon", "RssFile", "RssShmem", "VmPeak"] {
            assert_eq!(parse(&PAGE.replace(missing, "Other")), None, "{missing}");
        }
    }
}
