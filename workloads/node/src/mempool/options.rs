//! How a pool is set up.

use serde::{Deserialize, Serialize};

/// The limits of a pool, and which of its designs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The most transactions.
    pub capacity: usize,
    /// How long a transaction may wait, in seconds.
    pub longest_wait_seconds: u64,
    /// How key images are indexed.
    pub images: ImageIndex,
    /// Bits of a Bloom filter in front of the key images, for each of them; 0 is no filter.
    pub filter_bits: u8,
    /// Whether signatures are kept expanded beside their bytes.
    pub expand: bool,
    /// The secret that keys the hashes. A peer that knew it could send transactions whose hashes collide. Without
    /// one, a pool draws its own; two runs that are compared need the same one.
    pub hash_seed: Option<u64>,
}

impl Default for Options {
    /// 10,000 transactions, for an hour; the compact index, no filter, signatures as they came; a seed of its own.
    fn default() -> Self {
        Self {
            capacity: 10_000,
            longest_wait_seconds: 3600,
            images: ImageIndex::Compact,
            filter_bits: 0,
            expand: false,
            hash_seed: None,
        }
    }
}

/// How a pool knows which key images its transactions have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageIndex {
    /// Four bytes for each: its place in the pool's transactions.
    Compact,
    /// A `HashSet` of copies.
    Plain,
}
