//! How a ledger is set up.

use serde::{Deserialize, Serialize};

/// How large a ledger's map is, and what it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The map, in bytes of address space; a multiple of the page, which is rounded up to.
    pub map_bytes: usize,
    /// Up to which size the map doubles when it is full. Not above `map_bytes`, it stays as it is, and
    /// a block that does not fit is refused.
    pub grow_to_bytes: usize,
    /// Blocks below so many others are final, and lose their rings and signatures; `None` keeps all.
    pub finality_depth: Option<u64>,
    /// Whether each block waits for the disk. Without, it survives the death of the process, but a
    /// loss of power may damage the file.
    pub durable: bool,
}

impl Default for Options {
    /// 1 GiB that does not grow, everything kept, durable.
    fn default() -> Self {
        Self { map_bytes: 1 << 30, grow_to_bytes: 0, finality_depth: None, durable: true }
    }
}
