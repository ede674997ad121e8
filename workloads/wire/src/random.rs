//! Decisions that are the same in every run.

use rand_core::RngCore as _;
use rand_xoshiro::SplitMix64;

/// A number below `bound`; 0 if `bound` is.
pub(crate) fn below(random: &mut SplitMix64, bound: u32) -> u32 {
    ((u128::from(random.next_u64()) * u128::from(bound)) >> 64) as u32
}

#[cfg(test)]
mod tests {
    use rand_core::SeedableRng as _;

    use super::*;

    // The first output for seed 0, from the reference implementation of SplitMix64. The roots of
    // all simulations depend on it.
    #[test]
    fn the_first_number_of_seed_0_is_the_reference_s() {
        assert_eq!(SplitMix64::seed_from_u64(0).next_u64(), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn below_3_are_0_1_and_2() {
        let mut random = SplitMix64::seed_from_u64(1);
        let mut seen = [false; 3];
        (0..100).for_each(|_| seen[below(&mut random, 3) as usize] = true);
        assert_eq!(seen, [true; 3]);
        assert_eq!(below(&mut random, 0), 0);
    }
}
