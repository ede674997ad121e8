//! Files that several processes read and write at the same time.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;

/// Numbers the unfinished files of this process.
static PARTS: AtomicU64 = AtomicU64::new(0);

/// Writes a file so that a reader sees the old text or the new one, never half of it.
pub(crate) fn write_whole(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let turn = PARTS.fetch_add(1, Ordering::Relaxed);
    let part = path.with_extension(format!("{}-{turn}.part", std::process::id()));
    fs::write(&part, text).with_context(|| format!("cannot write {}", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("cannot write {}", path.display()))
}
