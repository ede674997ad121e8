//! The rules for every transaction of a chain.

use serde::{Deserialize, Serialize};

/// The rules that can be checked without the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// The members of every ring, 2 to 32.
    pub ring: u8,
    /// The least work of a minting transaction, in leading zero bits.
    pub difficulty_bits: u8,
    /// The coins that a block mints.
    pub reward: u64,
}

impl Default for Rules {
    /// Rings of 20; 8 bits of work, which a test can do; 1,000,000 coins a block.
    fn default() -> Self {
        Self { ring: 20, difficulty_bits: 8, reward: 1_000_000 }
    }
}
