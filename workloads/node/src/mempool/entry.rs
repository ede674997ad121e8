//! A waiting transaction, in 32 bytes.

use crate::Hex;
use crate::crypto::Verified;

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) transaction: Verified,
    /// The first eight bytes of its id; the rest is computed again where it matters.
    pub(super) prefix: u64,
    /// Its fee for 1,000 bytes.
    pub(super) rate: u64,
    /// When it came, in seconds.
    pub(super) arrived: u32,
    /// Where in the heap of fees it stands.
    pub(super) rank: u32,
}

impl Entry {
    pub(super) fn new(transaction: Verified, id: &Hex, now: u64) -> Self {
        let rate = transaction.fee_rate();
        let arrived = u32::try_from(now).unwrap_or(u32::MAX);
        Self { transaction, prefix: prefix(id), rate, arrived, rank: 0 }
    }
}

pub(super) fn prefix(id: &Hex) -> u64 {
    id.0.iter().take(8).fold(0, |prefix, byte| prefix << 8 | u64::from(*byte))
}
