//! Leaves: the sponge over the 22 chain ends of an epoch.

use crate::backend::SimdBackend;
use crate::lanes::{Lanes, MOST, Rows, Work};
use crate::poseidon::permute_24;
use crate::scheme::{CHAINS, DIGEST, MESSAGE_CHUNKS, PARAMETER, TWEAK};
use crate::{Digest, FieldElement, Parameter, compress, tweak};

/// Elements that go into the sponge at once; the other nine are its capacity.
const RATE: usize = 15;
/// Elements that are never written to, and that make it a sponge.
const CAPACITY: usize = 24 - RATE;
/// 5 + 2 + 22 · 7 = 161 elements, in 11 portions.
const INPUT: usize = PARAMETER + TWEAK + CHAINS * DIGEST;

/// The leaves of the epochs `first` … of which `ends` holds the chain ends.
// Not inlined, so that processor profiles name it.
#[inline(never)]
pub(crate) fn hash(
    backend: SimdBackend,
    parameter: &Parameter,
    first: u32,
    ends: &[Rows<DIGEST>; CHAINS],
) -> Rows<DIGEST> {
    backend.run(Sponge { parameter, first, ends })
}

/// The leaf of one epoch.
pub(crate) fn hash_one(parameter: &Parameter, epoch: u32, ends: &[Rows<DIGEST>; CHAINS]) -> Digest {
    Digest::of_lane(&hash(SimdBackend::Scalar, parameter, epoch, ends), 0)
}

struct Sponge<'a> {
    parameter: &'a Parameter,
    first: u32,
    ends: &'a [Rows<DIGEST>; CHAINS],
}

impl Work for Sponge<'_> {
    type Output = Rows<DIGEST>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Rows<DIGEST> {
        let mut tweaks = [[0; MOST]; TWEAK];
        for lane in 0..L::COUNT {
            let tweak = tweak::tree(0, self.first.wrapping_add(lane as u32));
            for (row, digit) in tweaks.iter_mut().zip(tweak) {
                row[lane] = digit.word();
            }
        }
        let mut input = [lanes.splat(0); INPUT];
        let (head, ends) = input.split_at_mut(PARAMETER + TWEAK);
        for (slot, element) in head.iter_mut().zip(self.parameter.elements()) {
            *slot = lanes.splat(element.word());
        }
        for (slot, row) in head[PARAMETER..].iter_mut().zip(&tweaks) {
            *slot = lanes.load(row);
        }
        for (slot, row) in ends.iter_mut().zip(self.ends.as_flattened()) {
            *slot = lanes.load(row);
        }
        let mut state = [lanes.splat(0); 24];
        for (slot, element) in state[RATE..].iter_mut().zip(capacity()) {
            *slot = lanes.splat(element.word());
        }
        for portion in input.chunks(RATE) {
            for (slot, &element) in state.iter_mut().zip(portion) {
                *slot = lanes.add(*slot, element);
            }
            permute_24(lanes, &mut state);
        }
        let mut leaves = [[0; MOST]; DIGEST];
        for (row, &element) in leaves.iter_mut().zip(&state) {
            lanes.store(element, row);
        }
        leaves
    }
}

/// What the capacity holds at first: a digest of the lengths of parameter, tweak, *message chunks*
/// (20, though 22 chains are hashed) and digest, as one integer to the base *p*.
fn capacity() -> [FieldElement; CAPACITY] {
    let lengths = [PARAMETER, TWEAK, MESSAGE_CHUNKS, DIGEST];
    let integer = lengths.iter().fold(0, |integer, &length| integer << 32 | length as u128);
    compress::wide(&FieldElement::digits::<24>(integer))
}
