//! The executable of this process, and how one build of it is told from another.

#[cfg(not(target_os = "linux"))]
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Context as _;

/// The very file that runs now, even where a build has replaced it since; and a name of fixed
/// length, as an argument's length shows in byte counts.
#[cfg(target_os = "linux")]
pub(crate) fn own_binary() -> anyhow::Result<PathBuf> {
    Ok(PathBuf::from("/proc/self/exe"))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn own_binary() -> anyhow::Result<PathBuf> {
    env::current_exe().context("cannot find the test binary")
}

pub(crate) fn own_identity() -> anyhow::Result<String> {
    identity(&own_binary()?)
}

/// Differs between any two builds of an executable: the file's length and the time of its last
/// change.
pub(crate) fn identity(executable: &Path) -> anyhow::Result<String> {
    let data = fs::metadata(executable)
        .with_context(|| format!("cannot look at {}", executable.display()))?;
    let changed = data.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{:x}-{:x}", data.len(), changed.as_nanos()))
}
