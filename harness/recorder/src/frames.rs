//! The frames of one stack as they are walked, on the walker's own stack.
#![expect(unsafe_code, reason = "a buffer of which only the written part may be read")]

use std::mem::MaybeUninit;

use crate::limits::MOST_FRAMES;

/// Up to [`MOST_FRAMES`] return addresses, innermost first, and their hash. Not cleared at the
/// start: that alone would cost a quarter of a walk.
pub(crate) struct Frames {
    /// Never more than were written.
    count: usize,
    hash: u64,
    addresses: [MaybeUninit<u64>; MOST_FRAMES],
}

impl Frames {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { count: 0, hash: 0, addresses: [const { MaybeUninit::uninit() }; MOST_FRAMES] }
    }

    /// Takes the frames that `next` finds, up to `depth` of them. In registers as it goes: a walk
    /// is a few instructions a frame.
    #[inline(always)]
    pub(crate) fn fill(&mut self, depth: usize, mut next: impl FnMut() -> Option<u64>) {
        let (mut hash, mut count) = (0u64, 0);
        for place in &mut self.addresses[..depth.min(MOST_FRAMES)] {
            let Some(address) = next() else { break };
            place.write(address);
            // Every position has a rotation of its own, since 23 and 64 have no common factor.
            hash = hash.rotate_left(23).wrapping_add(address);
            count += 1;
        }
        self.hash = hash;
        self.count = count;
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[u64] {
        // SAFETY: `fill` is the only writer of `count`, and has written that many addresses.
        unsafe { std::slice::from_raw_parts(self.addresses.as_ptr().cast(), self.count) }
    }

    /// All bits of the addresses and their number bear on all bits of the hash.
    #[inline]
    pub(crate) fn hash(&self) -> u64 {
        let mixed = self.hash.wrapping_add(self.count as u64);
        (mixed ^ (mixed >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

#[cfg(test)]
mod tests {
    use super::{Frames, MOST_FRAMES};

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

    #[test]
    fn order_and_number_bear_on_the_hash() {
        let hash = |addresses: &[u64]| {
            let mut frames = Frames::new();
            let mut addresses = addresses.iter().copied();
            frames.fill(MOST_FRAMES, || addresses.next());
            frames.hash()
        };
        let hashes = [hash(&[]), hash(&[0]), hash(&[1, 2]), hash(&[2, 1]), hash(&[1, 2, 0])];
        for (at, one) in hashes.iter().enumerate() {
            assert!(!hashes[..at].contains(one), "{at}");
        }
    }
}
