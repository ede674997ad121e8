//! A transaction as bytes: numbers are little-endian, keys and hashes as they are.

use super::{Input, Minting, Output, Private, Transaction};
use crate::codec::Sink;

pub(super) const PRIVATE: u8 = 1;
pub(super) const MINTING: u8 = 2;
pub(super) const HAS_MEMO: u8 = 1;
pub(super) const HAS_CIPHERTEXT: u8 = 2;

impl Transaction {
    pub(crate) fn encode_to(&self, to: &mut impl Sink) {
        match self {
            Self::Private(private) => private.encode_to(to),
            Self::Minting(minting) => {
                minting.encode_without_nonce(to);
                to.put(&minting.nonce.to_le_bytes());
            }
        }
    }
}

impl Private {
    /// The bytes that the signatures sign: all but themselves, the key images and the pseudo-outputs, which
    /// the signature scheme binds by itself.
    pub(crate) fn encode_signed(
        fee: u64,
        rings: &[&[super::Member]],
        outputs: &[Output],
        to: &mut impl Sink,
    ) {
        head(fee, rings.len(), outputs.len(), rings.first().map_or(0, |ring| ring.len()), to);
        rings.iter().for_each(|ring| members(ring, to));
        outputs.iter().for_each(|output| output.encode_to(to));
    }

    fn encode_to(&self, to: &mut impl Sink) {
        let ring = self.inputs.first().map_or(0, |input| input.ring.len());
        head(self.fee, self.inputs.len(), self.outputs.len(), ring, to);
        self.inputs.iter().for_each(|input| input.encode_to(to));
        self.outputs.iter().for_each(|output| output.encode_to(to));
    }
}

fn head(fee: u64, inputs: usize, outputs: usize, ring: usize, to: &mut impl Sink) {
    to.put(&[PRIVATE]);
    to.put(&fee.to_le_bytes());
    to.put(&[inputs as u8, outputs as u8, ring as u8]);
}

fn members(ring: &[super::Member], to: &mut impl Sink) {
    for member in ring {
        to.put(&member.target_key);
        to.put(&member.public_key);
        to.put(&member.commitment);
    }
}

impl Input {
    fn encode_to(&self, to: &mut impl Sink) {
        members(&self.ring, to);
        to.put(&self.key_image);
        to.put(&self.pseudo_output);
        to.put(&self.signature);
    }
}

impl Output {
    pub(crate) fn encode_to(&self, to: &mut impl Sink) {
        let memo = if self.memo.is_some() { HAS_MEMO } else { 0 };
        let ciphertext = if self.ciphertext.is_some() { HAS_CIPHERTEXT } else { 0 };
        to.put(&self.amount.to_le_bytes());
        to.put(&self.target_key);
        to.put(&self.public_key);
        to.put(&self.cluster.to_le_bytes());
        to.put(&[memo | ciphertext]);
        self.memo.iter().for_each(|memo| to.put(&**memo));
        self.ciphertext.iter().for_each(|ciphertext| to.put(&**ciphertext));
    }
}

impl Minting {
    pub(super) fn encode_without_nonce(&self, to: &mut impl Sink) {
        to.put(&[MINTING]);
        to.put(&self.minted.height.to_le_bytes());
        to.put(&self.minted.parent);
        to.put(&self.minted.time.to_le_bytes());
        to.put(&[self.minted.difficulty_bits]);
        to.put(&self.minted.view_key);
        to.put(&self.minted.spend_key);
        self.output.encode_to(to);
    }
}
