//! The memory of this process: what the system says of it, and how the C library divides it.
#![expect(unsafe_code, reason = "the C library's allocator is set by a function of C")]

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

/// Has all threads allocate from one arena of glibc's. By default each of the first eight per core gets one
/// of its own, and keeps what was freed there: in a node, whose transactions are decoded on whatever thread is
/// free, that is as much again as the transactions. Does nothing where the C library is another one.
///
/// To be called before the first thread is started, since those that have an arena keep it.
pub fn share_one_arena() {
    #[cfg(target_env = "gnu")]
    // SAFETY: `mallopt` takes two numbers, and may be called at any time.
    let _set = unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
}
