//! The fingerprint of a call stack.

/// 96 bits, so that of the 131,072 stacks that a recording holds by default two are
/// taken for one in one of 2⁶³ recordings. To compare all frames instead would be the larger part of an event,
/// since they lie far from each other in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) first: u64,
    pub(crate) second: u32,
}

impl Fingerprint {
    /// Of the addresses in their order. Each step is one-to-one in the state before and in the
    /// address, so that stacks which differ in one frame have other states from there on; the sum
    /// of all states distinguishes those that reach the same one again.
    #[inline(always)]
    pub(crate) fn of(addresses: impl Iterator<Item = u64>) -> Self {
        let (mut state, mut sum) = (SEED, 0u64);
        for address in addresses {
            // A product's upper bits hang on all bits of its factors, and are brought down.
            state = (state ^ address).wrapping_mul(FACTOR).rotate_left(32);
            sum = sum.wrapping_add(state);
        }
        Self { first: state, second: sum as u32 }
    }
}

/// An odd number without a pattern: the fraction of the golden ratio.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
/// The fraction of the root of 3.
const SEED: u64 = 0xbb67_ae85_84ca_a73b;

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    fn fingerprint(addresses: &[u64]) -> Fingerprint {
        Fingerprint::of(addresses.iter().copied())
    }

    #[test]
    fn order_and_number_bear_on_the_fingerprint() {
        let lists: [&[u64]; 5] = [&[], &[0], &[1, 2], &[2, 1], &[1, 2, 0]];
        let all = lists.map(fingerprint);
        for (at, one) in all.iter().enumerate() {
            let differs =
                |other: &Fingerprint| other.first != one.first && other.second != one.second;
            assert!(all[..at].iter().all(differs), "{at}");
        }
    }

    /// Stacks of one program are alike: their addresses differ in a few low bits of a few frames.
    /// Each half alone distinguishes a million of those, as far as 32 bits can.
    #[test]
    fn stacks_that_are_alike_have_other_fingerprints() {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for at in 0..1u64 << 20 {
            let code = |bits: u64| 0x5555_5555_0000 + 16 * (bits & 31);
            let found = fingerprint(&[code(at), code(at >> 5), code(at >> 10), code(at >> 15)]);
            first.push(found.first);
            second.push(found.second);
        }
        let same = |sorted: &[u64]| sorted.windows(2).filter(|pair| pair[0] == pair[1]).count();
        first.sort_unstable();
        assert_eq!(same(&first), 0);
        // Of 2³⁹ pairs one in 2³² is expected to be equal by chance: 128, ± 11.
        let mut second: Vec<u64> = second.into_iter().map(u64::from).collect();
        second.sort_unstable();
        assert!((80..180).contains(&same(&second)), "{}", same(&second));
    }
}
