//! The memory of a pool, to the byte: what it has allocated and not freed.

use serde::Serialize;

use super::Mempool;
use super::entry::Entry;
use crate::Transaction;
use crate::crypto::{Expanded, Verified};

/// The bytes on the heap of each part of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// The transactions, with the counts by which they are shared.
    pub transactions: usize,
    /// A place for each.
    pub entries: usize,
    /// The index by id.
    pub ids: usize,
    /// The index by key image.
    pub images: usize,
    /// The Bloom filter before it.
    pub filter: usize,
    /// The index by fee.
    pub fees: usize,
    /// Signatures that are kept expanded.
    pub expanded: usize,
}

impl Usage {
    /// All of it.
    pub fn total(&self) -> usize {
        self.transactions + self.indices() + self.expanded
    }

    /// All but what belongs to the transactions themselves.
    pub fn indices(&self) -> usize {
        self.entries + self.ids + self.images + self.filter + self.fees
    }
}

impl Mempool {
    /// The bytes on the heap that each part holds; a transaction that others share counts in full.
    pub fn usage(&self) -> Usage {
        let expanded: usize = self.expanded.iter().map(Expanded::heap_size).sum();
        Usage {
            transactions: self.transaction_bytes,
            entries: self.entries.capacity() * size_of::<Entry>(),
            ids: self.ids.heap_size(),
            images: self.images.heap_size(),
            filter: self.images.filter_size(),
            fees: self.fees.heap_size(),
            expanded: expanded + self.expanded.capacity() * size_of::<Expanded>(),
        }
    }

    /// The bytes on the heap: the sum of [`usage`](Self::usage).
    pub fn heap_size(&self) -> usize {
        self.usage().total()
    }
}

/// A transaction behind an `Arc`, whose two counts stand before it.
pub(super) fn shared_bytes(transaction: &Verified) -> usize {
    2 * size_of::<usize>() + size_of::<Transaction>() + transaction.heap_size()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_is_32_bytes() {
        assert_eq!(size_of::<Entry>(), 32);
    }
}
