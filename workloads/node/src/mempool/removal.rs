//! How transactions leave: mined, conflicting with what was mined, too old, or paying too little.

use super::Mempool;
use crate::Transaction;
use crate::crypto::Verified;

/// Below this many entries nothing shrinks, but that an empty pool holds nothing.
const SMALL: usize = 64;

impl Mempool {
    /// Removes the transaction that pays least.
    pub(super) fn evict_lowest(&mut self) -> Option<Verified> {
        let _span = tracing::info_span!("evict").entered();
        let lowest = self.fees.lowest()?;
        Some(self.remove(lowest))
    }

    /// Removes what has waited for longer than is allowed, at the time `now`, in seconds. How many.
    pub fn expire(&mut self, now: u64) -> usize {
        let _span = tracing::info_span!("expire").entered();
        let longest = self.options.longest_wait_seconds;
        self.remove_where(|waiting| now.saturating_sub(waiting.arrived) > longest)
    }

    /// Removes what a block of this height has mined, and what can no longer be mined since: whatever
    /// has one of its key images, and minting for heights that are past. How many.
    pub fn confirm(&mut self, height: u64, transactions: &[Verified]) -> usize {
        let _span = tracing::info_span!("confirm").entered();
        let before = self.len();
        for transaction in transactions {
            for input in transaction.inputs() {
                if let Some(place) = self.images.find(input.key_image(), &self.entries) {
                    self.remove(place);
                }
            }
        }
        if self.mintings > 0 {
            self.remove_where(|waiting| match &**waiting.transaction {
                Transaction::Minting(minting) => minting.minted().height <= height,
                Transaction::Private(_) => false,
            });
        }
        before - self.len()
    }

    /// Removes every transaction for which `goes` is true. How many.
    fn remove_where(&mut self, goes: impl Fn(Waiting<'_>) -> bool) -> usize {
        let before = self.len();
        // From the last, so that whatever moves into a place that is free has been looked at.
        for place in (0..before).rev() {
            let entry = &self.entries[place];
            let arrived = entry.arrived.into();
            if goes(Waiting { transaction: &entry.transaction, arrived }) {
                self.remove(place);
            }
        }
        before - self.len()
    }

    /// Takes one out; the last one takes its place.
    fn remove(&mut self, place: usize) -> Verified {
        let last = self.entries.len() - 1;
        self.ids.remove(place, &self.entries);
        self.images.remove(place, &self.entries);
        self.fees.remove(place, &mut self.entries);
        if place != last {
            self.ids.moved(last, place, &self.entries);
            self.images.moved(last, place, &self.entries);
            self.fees.moved(self.entries[last].rank, place);
        }
        let entry = self.entries.swap_remove(place);
        if self.options.expand {
            self.expanded.swap_remove(place);
        }
        self.count(&entry, false);
        self.shrink();
        entry.transaction
    }

    /// Gives memory back when three quarters of it are not needed: seldom enough that what leaves pays
    /// for it, and soon enough that a pool that was full is small when it is empty.
    fn shrink(&mut self) {
        let (length, capacity) = (self.entries.len(), self.entries.capacity());
        if length > 0 && (capacity <= SMALL || length > capacity / 4) {
            return;
        }
        self.entries.shrink_to(2 * length);
        self.expanded.shrink_to(2 * length);
        self.fees.shrink();
        self.ids.shrink(&self.entries);
        self.images.shrink(&self.entries);
    }
}

struct Waiting<'a> {
    transaction: &'a Verified,
    arrived: u64,
}
