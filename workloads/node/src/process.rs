//! The memory of this process, as the kernel counts it.

use procfs_core::FromRead as _;
use procfs_core::process::Status;
use serde::Serialize;

/// Resident memory, in bytes; all 0 where the kernel has no such figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resident {
    /// All of it, `VmRSS`.
    pub total: u64,
    /// The process's own memory, `RssAnon`.
    pub anonymous: u64,
    /// Pages of files, which the kernel can take back, `RssFile`.
    pub file: u64,
}

/// Reads `/proc/self/status`.
pub fn resident() -> Resident {
    let Ok(status) = Status::from_file("/proc/self/status") else { return Resident::default() };
    let bytes = |kib: Option<u64>| kib.unwrap_or_default() * 1024;
    Resident {
        total: bytes(status.vmrss),
        anonymous: bytes(status.rssanon),
        file: bytes(status.rssfile),
    }
}
