//! New coins, for finding a number that makes a hash small.

use sha2::{Digest as _, Sha256};

use super::Output;
use crate::codec::Sink as _;

/// Everything in a minting transaction but the work and what is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minted {
    /// The height of the block that it belongs to.
    pub height: u64,
    /// The hash of the block before.
    pub parent: [u8; 32],
    /// When it was made, in seconds.
    pub time: u64,
    /// Leading zero bits of the hash.
    pub difficulty_bits: u8,
    /// The minter's key for recognising outputs.
    pub view_key: [u8; 32],
    /// The minter's key for spending them.
    pub spend_key: [u8; 32],
}

/// A minting transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minting {
    pub(super) minted: Minted,
    pub(super) output: Output,
    pub(super) nonce: u64,
}

impl Minting {
    /// Looks for a nonce, from 0: 2 to the power of the difficulty attempts, on average.
    pub fn mine(minted: Minted, output: Output) -> Self {
        let mut minting = Self { minted, output, nonce: 0 };
        let mut hasher = Sha256::new();
        minting.encode_without_nonce(&mut hasher);
        while leading_zeros(&finish(hasher.clone(), minting.nonce)) < minted.difficulty_bits.into()
        {
            minting.nonce += 1;
        }
        minting
    }

    /// Its header.
    pub fn minted(&self) -> &Minted {
        &self.minted
    }

    /// The new coins.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// How many leading zero bits its hash has.
    pub fn work_bits(&self) -> u32 {
        let mut hasher = Sha256::new();
        self.encode_without_nonce(&mut hasher);
        leading_zeros(&finish(hasher, self.nonce))
    }

    pub(super) fn encoded_bytes(&self) -> usize {
        1 + 8 + 32 + 8 + 1 + 32 + 32 + self.output.encoded_bytes() + 8
    }
}

fn finish(mut hasher: Sha256, nonce: u64) -> [u8; 32] {
    hasher.put(&nonce.to_le_bytes());
    hasher.finalize().into()
}

fn leading_zeros(hash: &[u8; 32]) -> u32 {
    let whole = hash.iter().take_while(|byte| **byte == 0).count();
    8 * whole as u32 + hash.get(whole).map_or(0, |byte| byte.leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_are_counted_over_bytes() {
        let hash = |first: [u8; 2]| {
            let mut hash = [0xff; 32];
            hash[..2].copy_from_slice(&first);
            hash
        };
        assert_eq!(leading_zeros(&hash([0x80, 0])), 0);
        assert_eq!(leading_zeros(&hash([0x01, 0])), 7);
        assert_eq!(leading_zeros(&hash([0, 0x10])), 11);
        assert_eq!(leading_zeros(&[0; 32]), 256);
    }
}
