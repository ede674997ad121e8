//! The memory of this process, as the system tells it.

use std::fs;

use serde::Serialize;

/// Resident memory, in bytes; all 0 where the system does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resident {
    /// All of it, `VmRSS`.
    pub total: u64,
    /// What is the process's own, `RssAnon`.
    pub anonymous: u64,
    /// Pages of files, which the system can take back, `RssFile`.
    pub file: u64,
}

/// Reads `/proc/self/status`.
pub fn resident() -> Resident {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        kib.unwrap_or_default() * 1024
    };
    Resident { total: bytes("VmRSS"), anonymous: bytes("RssAnon"), file: bytes("RssFile") }
}
