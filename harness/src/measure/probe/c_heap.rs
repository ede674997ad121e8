//! The `c_heap` lens: what C libraries hold of malloc, by the accounts of malloc itself, from
//! which all that Rust's allocator asked of it is taken off.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod malloc;

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// What was taken from malloc beside Rust's allocator, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CHeap {
    /// Just before the work began.
    pub start: u64,
    /// When the work had returned.
    pub end: u64,
}

/// What Rust's allocator holds of malloc: whole chunks, as malloc rounds them.
static RUST: AtomicU64 = AtomicU64::new(0);

/// A chunk came to Rust's allocator.
pub(crate) fn taken(chunk: u64) {
    RUST.fetch_add(chunk, Ordering::Relaxed);
}

/// A chunk goes back.
pub(crate) fn given_back(chunk: u64) {
    RUST.fetch_sub(chunk, Ordering::Relaxed);
}

/// What C libraries hold of malloc now. Allocates nothing, after the first call.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn live() -> Result<u64, &'static str> {
    let all = malloc::in_use().ok_or("this glibc has no mallinfo2: it came with version 2.33")?;
    Ok(all.saturating_sub(RUST.load(Ordering::Relaxed)))
}

/// Another C library keeps no accounts.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn live() -> Result<u64, &'static str> {
    Err("what C libraries hold is read from mallinfo2, which only glibc has")
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) use malloc::chunk;

/// Of no use without the accounts that it is compared with.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn chunk(_block: *mut u8) -> u64 {
    0
}
