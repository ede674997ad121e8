//! The memory, the time and the resources of this process, read from `/proc/self`.

use std::fs;
use std::io;
use std::time::Duration;

use procfs_core::prelude::FromRead as _;
use procfs_core::process::{SmapsRollup, Stat, Status};

/// The kernel gives processor time in ticks of 10 ms on every platform (`USER_HZ`, `man 5 proc_pid_stat`).
const TICK: Duration = Duration::from_millis(10);

/// Resident memory in bytes, from the kernel's counters: cheap to read, and inexact by some pages for
/// each thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    /// All of it, `VmRSS`.
    pub total: u64,
    /// The most that `total` ever was, `VmHWM`.
    pub peak: u64,
    /// The process's own memory, `RssAnon`.
    pub anonymous: u64,
    /// Pages of files, which the kernel can take back, `RssFile`.
    pub file: u64,
}

impl Resident {
    /// Reads `/proc/self/status`.
    ///
    /// # Errors
    ///
    /// Fails where the kernel has no such file or none of these lines, as on systems other than Linux.
    pub fn now() -> io::Result<Self> {
        let status = Status::from_file("/proc/self/status").map_err(io::Error::other)?;
        let bytes = |name: &str, kib: Option<u64>| {
            kib.map(|kib| kib << 10).ok_or_else(|| missing("status", name))
        };
        Ok(Self {
            total: bytes("VmRSS", status.vmrss)?,
            peak: bytes("VmHWM", status.vmhwm)?,
            anonymous: bytes("RssAnon", status.rssanon)?,
            file: bytes("RssFile", status.rssfile)?,
        })
    }
}

/// Resident memory in bytes, from the page tables: exact, and slower to read than [`Resident`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageTables {
    /// All of it, `Rss`.
    pub resident: u64,
    /// Pages that belong to no file, or that were written since, `Anonymous`.
    pub anonymous: u64,
    /// `resident` with each shared page divided by the processes that share it, `Pss`.
    pub proportional: u64,
}

impl PageTables {
    /// Reads `/proc/self/smaps_rollup`.
    ///
    /// # Errors
    ///
    /// Fails where the kernel has no such file or none of these lines, as Linux before 4.14.
    pub fn now() -> io::Result<Self> {
        let rollup = SmapsRollup::from_file("/proc/self/smaps_rollup").map_err(io::Error::other)?;
        let maps = rollup.memory_map_rollup.0;
        let bytes = |name: &str| {
            let bytes = maps.first().and_then(|map| map.extension.map.get(name));
            bytes.copied().ok_or_else(|| missing("smaps_rollup", name))
        };
        Ok(Self {
            resident: bytes("Rss")?,
            anonymous: bytes("Anonymous")?,
            proportional: bytes("Pss")?,
        })
    }
}

fn missing(file: &str, name: &str) -> io::Error {
    io::Error::other(format!("/proc/self/{file} has no line {name}"))
}

/// The user and system time of all threads, those that have ended included.
///
/// # Errors
///
/// Fails where the kernel has no `/proc/self/stat`.
pub fn cpu_time() -> io::Result<Duration> {
    let stat = Stat::from_file("/proc/self/stat").map_err(io::Error::other)?;
    Ok(TICK * u32::try_from(stat.utime + stat.stime).map_err(io::Error::other)?)
}

/// The resources that the kernel keeps for this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resources {
    /// Ranges of addresses, the lines of `/proc/self/maps`.
    pub mappings: usize,
    /// Open files, with the folder that counts them.
    pub files: usize,
    /// Threads.
    pub threads: usize,
}

impl Resources {
    /// Counts them.
    ///
    /// # Errors
    ///
    /// Fails where `/proc/self` cannot be read.
    pub fn now() -> io::Result<Self> {
        Ok(Self {
            mappings: fs::read_to_string("/proc/self/maps")?.lines().count(),
            files: fs::read_dir("/proc/self/fd")?.count(),
            threads: fs::read_dir("/proc/self/task")?.count(),
        })
    }
}
