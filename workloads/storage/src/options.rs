//! How a store is opened.

use std::path::PathBuf;

/// The roots of a store and its habits. [`Options::new`] gives the careful ones.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where blobs are put. Created if missing.
    pub hot: PathBuf,
    /// Where blobs go that [`Store::cool`](crate::Store::cool) moves. Created if missing; may lie on
    /// another file system.
    pub cold: PathBuf,
    /// Whether a blob is on the disk, not only in the page cache, when a put returns. Default: yes.
    pub durable: bool,
    /// Whether every read compares the bytes with the blob's name. Default: yes.
    pub verify: bool,
    /// Whether blobs are compressed (zstd, level 3) on their way to the cold root. Default: yes.
    pub compress: bool,
    /// How many operations run at once; more of them wait. Default: 64.
    pub concurrent: usize,
}

impl Options {
    /// Durable, verified, compressed when cold, at most 64 operations at once.
    pub fn new(hot: impl Into<PathBuf>, cold: impl Into<PathBuf>) -> Self {
        let (hot, cold) = (hot.into(), cold.into());
        Self { hot, cold, durable: true, verify: true, compress: true, concurrent: 64 }
    }
}
