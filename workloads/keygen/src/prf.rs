//! The pseudorandom function: SHAKE128 (FIPS 202) to field elements.

use shake::{ExtendableOutput, Shake128, Update, XofReader};

use crate::scheme::{DIGEST, RANDOMNESS};
use crate::{Digest, FieldElement, Seed};

/// What sets hash-sig's use of SHAKE128 apart from any other.
const SEPARATOR: [u8; 16] = [
    0xae, 0xae, 0x22, 0xff, 0x00, 0x01, 0xfa, 0xff, 0x21, 0xaf, 0x12, 0x00, 0x01, 0x11, 0xff, 0x00,
];

/// What a value is for.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Purpose {
    Chain = 0,
    Randomness = 1,
    /// Not of hash-sig, which draws its padding at random: see [`padding`].
    Padding = 2,
}

/// The start of a chain.
pub(crate) fn start(seed: &Seed, epoch: u32, chain: u8) -> Digest {
    let chain = u64::from(chain).to_be_bytes();
    Digest::new(elements::<DIGEST>(Purpose::Chain, seed, epoch, &[&chain]))
}

/// The randomness of the one signature of `epoch`.
pub(crate) fn randomness(
    seed: &Seed,
    epoch: u32,
    message: &[u8; 32],
) -> [FieldElement; RANDOMNESS] {
    // hash-sig counts the attempts to encode; a Winternitz encoding succeeds at the first.
    let attempt = 0_u64.to_be_bytes();
    elements(Purpose::Randomness, seed, epoch, &[message, &attempt])
}

/// A node where no epoch is active, next to one where some are.
pub(crate) fn padding(seed: &Seed, level: u8, position: u32) -> Digest {
    Digest::new(elements::<DIGEST>(Purpose::Padding, seed, position, &[&[level]]))
}

fn elements<const N: usize>(
    purpose: Purpose,
    seed: &Seed,
    number: u32,
    rest: &[&[u8]],
) -> [FieldElement; N] {
    let mut hasher = Shake128::default();
    hasher.update(&SEPARATOR);
    hasher.update(&[purpose as u8]);
    hasher.update(seed.bytes());
    hasher.update(&number.to_be_bytes());
    for part in rest {
        hasher.update(part);
    }
    let mut reader = hasher.finalize_xof();
    std::array::from_fn(|_| {
        let mut bytes = [0; 16];
        reader.read(&mut bytes);
        reduced(bytes)
    })
}

/// 16 bytes, the highest first, modulo *p*: 97 bits more than an element has, so that the remainder is
/// as good as uniform.
fn reduced(bytes: [u8; 16]) -> FieldElement {
    let order = u64::from(FieldElement::ORDER);
    let rest = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .fold(0, |rest, &word| (rest << 32 | u64::from(u32::from_be_bytes(word))) % order);
    FieldElement::reduced(rest as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_are_reduced_as_one_integer(integer: u128) {
            let expected = integer % u128::from(FieldElement::ORDER);
            prop_assert_eq!(u128::from(reduced(integer.to_be_bytes()).value()), expected);
        }
    }
}
