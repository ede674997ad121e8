//! Decisions that are the same in every run: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).

/// A seeded source of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 if `bound` is.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The first output for seed 0, from the reference implementation of SplitMix64.
    #[test]
    fn known_answer() {
        assert_eq!(Random::new(0).next(), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn below_is_below_and_reaches_all() {
        let mut random = Random::new(1);
        let mut seen = [false; 3];
        (0..100).for_each(|_| seen[random.below(3) as usize] = true);
        assert_eq!(seen, [true; 3]);
        assert_eq!(random.below(0), 0);
    }
}
