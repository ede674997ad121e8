//! Randomness that is the same in every run: ChaCha20, keyed by its purpose.
//!
//! It makes the coins of a test chain and signs what spends them, so that two runs have the same bytes.

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

/// A source of its own for each `domain`, `seed` and `index`.
pub fn source(domain: &str, seed: u64, index: u64) -> ChaCha20Rng {
    let mut hasher = Sha256::new();
    hasher.update(domain.as_bytes());
    hasher.update(seed.to_le_bytes());
    hasher.update(index.to_le_bytes());
    ChaCha20Rng::from_seed(hasher.finalize().into())
}

/// The next `N` bytes of a source.
pub fn bytes<const N: usize>(source: &mut ChaCha20Rng) -> [u8; N] {
    let mut bytes = [0; N];
    source.fill_bytes(&mut bytes);
    bytes
}

/// A number below `bound`, which is not 0.
pub fn below(source: &mut ChaCha20Rng, bound: u64) -> u64 {
    ((u128::from(source.next_u64()) * u128::from(bound)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_differ_by_each_of_their_names() {
        let first = |domain, seed, index| bytes::<32>(&mut source(domain, seed, index));
        assert_eq!(first("a", 1, 2), first("a", 1, 2));
        for other in [first("b", 1, 2), first("a", 2, 2), first("a", 1, 3), first("a", 2, 1)] {
            assert_ne!(first("a", 1, 2), other);
        }
    }

    #[test]
    fn below_reaches_every_number_under_its_bound() {
        let mut source = source("below", 1, 1);
        let mut seen = [false; 3];
        (0..100).for_each(|_| seen[below(&mut source, 3) as usize] = true);
        assert_eq!(seen, [true; 3]);
    }
}
