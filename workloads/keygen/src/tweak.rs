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

/// The same chain of consecutive epochs. Lanes past the last epoch compute values that no code reads.
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
    use proptest::prelude::*;

    use super::*;

    // p = 127 2^24 + 1.
    #[test]
    fn a_tweak_is_two_digits() {
        assert_eq!(tree(0, 3).map(FieldElement::value), [3 << 8 | 1, 0]);
        assert_eq!(message(3).map(FieldElement::value), [3 << 8 | 2, 0]);
        // 1 2^40 + 1
        let [low, high] = tree(1, 0).map(|digit| u64::from(digit.value()));
        assert_eq!(low + high * u64::from(FieldElement::ORDER), (1 << 40) + 1);
    }

    #[test]
    fn a_lane_that_passes_p_is_found() {
        // Epoch 126 ends below 127 2^24 < p: no chain of it passes p. Epoch 127 begins at p - 1.
        let last = Place { epoch: 126, chain: 255 };
        let next = Place { epoch: 127, chain: 0 };
        assert!(is_even(&[last; MOST]));
        assert!(!is_even(&[next; MOST]));
        // One lane is enough.
        assert!(is_even(&epochs(111, 0)));
        assert!(!is_even(&epochs(112, 0)));
    }

    proptest! {
        #[test]
        fn the_stride_leads_from_step_to_step(epoch: u32, chain_index: u8, position in 0_u8..255) {
            let places = [Place { epoch, chain: chain_index }; MOST];
            let [here, next] = [chain(&places, position), chain(&places, position + 1)];
            if is_even(&places) {
                let stride = FieldElement::from_word(STRIDE);
                let low = FieldElement::from_word(here[0][0]) + stride;
                prop_assert_eq!([low.word(), here[1][0]], [next[0][0], next[1][0]]);
            }
        }
    }
}
