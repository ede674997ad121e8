//! The frames of one stack as they are walked, on the walker's own stack, and their fingerprint.
#![expect(unsafe_code, reason = "a buffer of which only the written part may be read")]

use std::mem::MaybeUninit;

use crate::limits::MOST_FRAMES;

/// What a stack is told by: 96 bits, so that of the 131,072 stacks that a recording holds at the
/// most two are taken for one in one of 2⁶² recordings. To compare all frames instead would be
/// the larger part of an event, since they lie far from each other in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) first: u64,
    pub(crate) second: u32,
}

/// Up to [`MOST_FRAMES`] return addresses, innermost first, and two hashes of them. Not cleared
/// at the start: that alone would cost a quarter of a walk.
pub(crate) struct Frames {
    /// Never more than were written.
    count: usize,
    hashes: [u64; 2],
    addresses: [MaybeUninit<u64>; MOST_FRAMES],
}

impl Frames {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { count: 0, hashes: SEEDS, addresses: [const { MaybeUninit::uninit() }; MOST_FRAMES] }
    }

    /// Takes the frames that `next` finds, up to `depth` of them. In registers as it goes: a walk
    /// is a few instructions a frame.
    #[inline(always)]
    pub(crate) fn fill(&mut self, depth: usize, mut next: impl FnMut() -> Option<u64>) {
        let ([mut first, mut second], mut count) = (SEEDS, 0);
        for place in &mut self.addresses[..depth.min(MOST_FRAMES)] {
            let Some(address) = next() else { break };
            place.write(address);
            first = (first.rotate_left(23) ^ address).wrapping_mul(FACTORS[0]);
            second = (second.rotate_left(29) ^ address).wrapping_mul(FACTORS[1]);
            count += 1;
        }
        self.hashes = [first, second];
        self.count = count;
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[u64] {
        // SAFETY: `fill` is the only writer of `count`, and has written that many addresses.
        unsafe { std::slice::from_raw_parts(self.addresses.as_ptr().cast(), self.count) }
    }

    /// Of the frames and their number. A product's upper bits hang on all bits of its factors, and
    /// are brought down.
    #[inline]
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let [first, second] = self.hashes;
        let first = first.wrapping_add(self.count as u64);
        let first = (first ^ (first >> 32)).wrapping_mul(FACTORS[0]);
        Fingerprint { first: first ^ (first >> 32), second: (second >> 32) as u32 }
    }
}

/// Odd numbers without a pattern: the fractions of the golden ratio and of the root of 2.
const FACTORS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0x6a09_e667_f3bc_c909];
/// The fractions of the roots of 3 and 5.
const SEEDS: [u64; 2] = [0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b];

#[cfg(test)]
mod tests {
    use super::{Fingerprint, Frames, MOST_FRAMES};

    #[test]
    fn what_was_pushed_is_read_up_to_the_most() {
        let mut frames = Frames::new();
        assert_eq!(frames.as_slice(), []);
        let mut addresses = 1..=MOST_FRAMES as u64 + 3;
        frames.fill(2, || addresses.next());
        assert_eq!(frames.as_slice(), [1, 2]);
        addresses = 1..=MOST_FRAMES as u64 + 3;
        frames.fill(usize::MAX, || addresses.next());
        assert_eq!(frames.as_slice(), (1..=MOST_FRAMES as u64).collect::<Vec<_>>());
    }

    fn fingerprint(addresses: &[u64]) -> Fingerprint {
        let mut frames = Frames::new();
        let mut addresses = addresses.iter().copied();
        frames.fill(MOST_FRAMES, || addresses.next());
        frames.fingerprint()
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
    /// Each half alone tells a million of those apart, as far as 32 bits can.
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
