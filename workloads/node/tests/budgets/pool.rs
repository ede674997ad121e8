//! The pool of a workload, as its parameters describe it.

use node::Mempool;
use node::mempool::{ImageIndex, Options};
use serde::Deserialize;

/// The same hashes in each run, so that tables grow alike.
const HASH_SEED: u64 = 0;

/// The options of a pool that a case may set; the others have their defaults.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Pool {
    /// The most transactions.
    pub(crate) capacity: usize,
    /// The index of key images.
    pub(crate) images: ImageIndex,
    /// Bits of a Bloom filter for each key image; 0 is no filter.
    pub(crate) filter_bits: u8,
    /// Whether signatures are kept expanded.
    pub(crate) expand: bool,
}

impl Default for Pool {
    fn default() -> Self {
        let Options { capacity, images, filter_bits, expand, .. } = Options::default();
        Self { capacity, images, filter_bits, expand }
    }
}

impl Pool {
    /// An empty pool of these options.
    pub(crate) fn open(self) -> Mempool {
        let Self { capacity, images, filter_bits, expand } = self;
        let hash_seed = Some(HASH_SEED);
        Mempool::new(Options {
            capacity,
            images,
            filter_bits,
            expand,
            hash_seed,
            ..Options::default()
        })
    }
}
