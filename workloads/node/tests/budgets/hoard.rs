//! A planted leak: an index of key images that forgets mined transactions alone.
//!
//! The original's pool kept the key images of transactions that were evicted or too old. The workload
//! `leave` keeps this index beside the pool, where it lets transactions in and confirms blocks.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher};

use node::crypto::Verified;

/// Copies of key images. The hasher has no secret, so that the table grows alike in each run.
#[derive(Debug, Default)]
pub(crate) struct Hoard {
    images: HashSet<[u8; 32], BuildHasherDefault<DefaultHasher>>,
}

impl Hoard {
    /// The number of key images.
    pub(crate) fn len(&self) -> usize {
        self.images.len()
    }

    /// Adds the key images of a transaction that was let in.
    pub(crate) fn insert(&mut self, transaction: &Verified) {
        for input in transaction.inputs() {
            self.images.insert(*input.key_image());
        }
    }

    /// Removes the key images of mined transactions.
    pub(crate) fn confirm(&mut self, mined: &[Verified]) {
        for input in mined.iter().flat_map(|transaction| transaction.inputs()) {
            self.images.remove(input.key_image());
        }
    }
}
