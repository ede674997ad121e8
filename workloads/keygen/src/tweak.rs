//! Tweaks: what makes every hash of a key a different function.

use crate::FieldElement;
use crate::lanes::{MOST, Rows};
use crate::scheme::{Separator, TWEAK};

/// The tweak of the node at `level` (0 for a leaf) and `position` from the left.
pub(crate) fn tree(level: u8, position: u32) -> [FieldElement; TWEAK] {
    let integer = u128::from(level) << 40 | u128::from(position) << 8;
    FieldElement::digits(integer | Separator::Tree as u128)
}

/// The tweak of a message that is signed in `epoch`.
pub(crate) fn message(epoch: u32) -> [FieldElement; TWEAK] {
    FieldElement::digits(u128::from(epoch) << 8 | Separator::Message as u128)
}

/// Where in a key a chain is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) epoch: u32,
    pub(crate) chain: u8,
}

impl Place {
    /// The tweak of the step to `position`, as one integer.
    fn integer(self, position: u8) -> u64 {
        u64::from(self.epoch) << 24
            | u64::from(self.chain) << 16
            | u64::from(position) << 8
            | Separator::Chain as u64
    }
}

/// One chain in each lane.
pub(crate) type Places = [Place; MOST];

/// The same chain of consecutive epochs. Lanes past the last epoch there is compute what nobody reads.
pub(crate) fn epochs(first: u32, chain: u8) -> Places {
    std::array::from_fn(|lane| Place { epoch: first.wrapping_add(lane as u32), chain })
}

/// The tweaks of the step to `position`.
pub(crate) fn chain(places: &Places, position: u8) -> Rows<TWEAK> {
    let digits = places.map(|place| FieldElement::digits(u128::from(place.integer(position))));
    std::array::from_fn(|digit| digits.map(|digits: [FieldElement; TWEAK]| digits[digit].word()))
}

/// What a tweak's lower digit grows by from step to step, in Montgomery form.
pub(crate) const STRIDE: u32 = FieldElement::reduced(1 << 8).word();

/// Whether from the first to the last step no lane's lower digit passes *p*, so that the tweaks of all
/// steps follow from the first by adding [`STRIDE`].
pub(crate) fn is_even(places: &Places) -> bool {
    let order = u64::from(FieldElement::ORDER);
    places.iter().all(|place| place.integer(0) / order == place.integer(u8::MAX) / order)
}

#[cfg(test)]
mod tests {
    use super::*;

    // p = 2^31 - 2^24 + 1, and epoch 1 of chain 0 at position 0 is 2^24.
    #[test]
    fn a_tweak_is_two_digits() {
        assert_eq!(tree(0, 3).map(FieldElement::value), [3 << 8 | 1, 0]);
        assert_eq!(message(3).map(FieldElement::value), [3 << 8 | 2, 0]);
        // 2^40 + 1 = 516 p + 33_816_065 - …: checked as an identity instead.
        let [low, high] = tree(1, 0).map(|digit| u64::from(digit.value()));
        assert_eq!(low + high * u64::from(FieldElement::ORDER), (1 << 40) + 1);
    }

    #[test]
    fn a_lane_that_passes_p_is_found() {
        // Epoch 126 begins 2^31 - 2 2^24, that is p - 2^24 - 1: 255 steps of 2^8 stay below p.
        // Epoch 126 of chain 255 begins 2^16 below p - 1 + …; its step 255 is p - 1 - 2^8.
        assert!(is_even(&epochs(0, 0)));
        let last = Place { epoch: 126, chain: 255 };
        let next = Place { epoch: 127, chain: 0 };
        assert!(is_even(&[last; MOST]));
        // Epoch 127 is 127 2^24 = p - 1, and its first step is past p.
        assert!(!is_even(&[next; MOST]));
    }
}
