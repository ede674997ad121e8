//! The numbers that a key may have, and its flag.

/// From the least to the most, both of which are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    least: u64,
    most: u64,
}

/// Connected peers.
pub const MAX_PEERS: Range = Range { least: 1, most: 10_000 };
/// Connections of the server.
pub const MAX_CONNECTIONS: Range = Range { least: 1, most: 10_000 };
/// Waiting transactions.
pub const CAPACITY: Range = Range { least: 1, most: 100_000_000 };
/// How long they may wait, in seconds: a year.
pub const MAX_AGE_SECONDS: Range = Range { least: 1, most: 31_536_000 };
/// The ledger's map, in bytes: from 1 MiB to 64 TiB.
pub const MAP_SIZE: Range = Range { least: 1 << 20, most: 1 << 46 };
/// Up to which size it grows, in bytes; 0 is that it does not.
pub const GROW_TO: Range = Range { least: 0, most: MAP_SIZE.most };
/// Blocks before one is final. As all that are not bounded by something else, to the largest number of TOML.
pub const FINALITY_DEPTH: Range = Range { least: 1, most: u64::MAX >> 1 };
/// The seed of a test chain.
pub const GENESIS_SEED: Range = Range { least: 0, most: u64::MAX >> 1 };
/// Its outputs.
pub const GENESIS_OUTPUTS: Range = Range { least: 64, most: 10_000_000 };
/// The members of a ring.
pub const RING: Range = Range {
    least: crate::transaction::SMALLEST_RING as u64,
    most: crate::transaction::LARGEST_RING as u64,
};
/// Leading zero bits of a minting transaction's hash.
pub const DIFFICULTY_BITS: Range = Range { least: 1, most: 64 };
/// Coins that are minted at once.
pub const REWARD: Range = Range { least: 1, most: u64::MAX >> 1 };
/// The time between two blocks, in milliseconds: up to an hour.
pub const INTERVAL_MS: Range = Range { least: 1, most: 3_600_000 };
/// Transactions of a block.
pub const MAX_TRANSACTIONS: Range =
    Range { least: 1, most: crate::block::MOST_TRANSACTIONS as u64 };
/// Bytes of a block's transactions.
pub const MAX_BYTES: Range = Range { least: 1, most: crate::block::MOST_BYTES as u64 };

// The index of key images has 28 bits for the place of a transaction.
const _: () = assert!(CAPACITY.most <= 1 << 28);
const _: () = assert!(MAX_PEERS.most <= u32::MAX as u64 && DIFFICULTY_BITS.most <= u8::MAX as u64);

impl Range {
    /// Reads a number, as flags do.
    ///
    /// # Errors
    /// The remedy for a value outside the range.
    pub fn parse(self, text: &str) -> Result<u64, String> {
        text.parse().ok().filter(|number| self.contains(*number)).ok_or_else(|| self.remedy())
    }

    pub(super) fn contains(self, number: u64) -> bool {
        (self.least..=self.most).contains(&number)
    }

    /// The remedy for a value outside the range.
    pub(super) fn remedy(self) -> String {
        format!("write a number from {} to {}", self.least, self.most)
    }
}
