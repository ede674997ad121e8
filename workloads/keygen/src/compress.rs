//! Compression: the permutation of one state of 24 elements, to which the state is added.

use crate::lanes::{Lanes, Scalar};
use crate::poseidon::permute_24;
use crate::scheme::{DIGEST, PARAMETER};
use crate::{Digest, FieldElement, Parameter, tweak};

/// The first `N` elements of the compression of `input`.
pub(crate) fn wide<const N: usize>(input: &[FieldElement; 24]) -> [FieldElement; N] {
    let words = input.map(FieldElement::word);
    let mut state = words;
    permute_24(Scalar, &mut state);
    std::array::from_fn(|index| FieldElement::from_word(Scalar.add(state[index], words[index])))
}

/// The node at `level` and `position`, of its two children.
// Not inlined, so that processor profiles name it.
#[inline(never)]
pub(crate) fn node(
    parameter: &Parameter,
    level: u8,
    position: u32,
    left: &Digest,
    right: &Digest,
) -> Digest {
    let mut input = [FieldElement::ZERO; 24];
    let (head, children) = input.split_at_mut(7);
    head[..PARAMETER].copy_from_slice(&parameter.elements());
    head[PARAMETER..].copy_from_slice(&tweak::tree(level, position));
    children[..DIGEST].copy_from_slice(&left.elements());
    children[DIGEST..2 * DIGEST].copy_from_slice(&right.elements());
    Digest::new(wide(&input))
}
