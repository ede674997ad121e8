//! The transactions of the chain: private transfers, and the minting of new coins.

mod decode;
mod encode;
mod input;
mod minting;
mod output;
mod private;

use sha2::{Digest as _, Sha256};

pub use self::input::{Input, Member};
pub use self::minting::{Minted, Minting};
pub use self::output::{CIPHERTEXT_BYTES, MEMO_BYTES, Output};
pub use self::private::Private;
use crate::Hex;

/// The most inputs, and the most outputs, of a private transaction.
pub const MOST_INPUTS: usize = 16;
/// The smallest ring: one decoy.
pub const SMALLEST_RING: usize = 2;
/// The largest ring.
pub const LARGEST_RING: usize = 32;
/// The longest encoding of a transaction, in bytes: 16 inputs with rings of 32, and 16 outputs with
/// memo and ciphertext. 12 + 16 · (32 · 96 + 64 + 32 · 32 + 64) + 16 · (81 + 66 + 1,088).
pub const LONGEST_BYTES: usize = 12 + 16 * (32 * 128 + 128) + 16 * (81 + 66 + 1088);

/// A transaction: decoded, and not yet verified.
///
/// The signatures are kept as the bytes that came: see [`Expanded`](crate::crypto::Expanded) for
/// what they are decoded into while they are verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// Spends outputs that it does not name.
    Private(Private),
    /// Makes new coins, by work. Boxed, since it is the larger of the two by itself, and rarer.
    Minting(Box<Minting>),
}

impl Transaction {
    /// How many bytes [`encode`](Self::encode) returns, without encoding or allocating anything.
    pub fn estimate_size(&self) -> usize {
        match self {
            Self::Private(private) => private.encoded_bytes(),
            Self::Minting(minting) => minting.encoded_bytes(),
        }
    }

    /// The encoding, in one allocation of exactly its length.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.estimate_size());
        self.encode_to(&mut bytes);
        bytes
    }

    /// The hash of the encoding, which is not kept.
    pub fn id(&self) -> Hex {
        let mut hasher = Sha256::new();
        self.encode_to(&mut hasher);
        Hex(hasher.finalize().into())
    }

    /// The fee for being mined; minting pays none.
    pub fn fee(&self) -> u64 {
        match self {
            Self::Private(private) => private.fee(),
            Self::Minting(_) => 0,
        }
    }

    /// The fee for 1,000 bytes, rounded down.
    pub fn fee_rate(&self) -> u64 {
        let rate = u128::from(self.fee()) * 1000 / self.estimate_size().max(1) as u128;
        u64::try_from(rate).unwrap_or(u64::MAX)
    }

    /// The inputs; minting has none.
    pub fn inputs(&self) -> &[Input] {
        match self {
            Self::Private(private) => private.inputs(),
            Self::Minting(_) => &[],
        }
    }

    /// The outputs.
    pub fn outputs(&self) -> &[Output] {
        match self {
            Self::Private(private) => private.outputs(),
            Self::Minting(minting) => std::slice::from_ref(minting.output()),
        }
    }

    /// The bytes on the heap that this value owns, as it requested them from the allocator.
    pub fn heap_size(&self) -> usize {
        match self {
            Self::Private(private) => private.heap_size(),
            Self::Minting(minting) => size_of::<Minting>() + minting.output().heap_size(),
        }
    }
}

impl From<Private> for Transaction {
    fn from(private: Private) -> Self {
        Self::Private(private)
    }
}

impl From<Minting> for Transaction {
    fn from(minting: Minting) -> Self {
        Self::Minting(Box::new(minting))
    }
}
