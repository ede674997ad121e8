//! The hashes of the scheme by themselves: each on as many epochs as a backend has lanes.
//!
//! [`KeyGeneration`](crate::KeyGeneration) is built of these. They are public for those who build another
//! traversal of the same tree, and for benches.

use std::ops::Range;

use crate::bottom::Leaves;
use crate::lanes::{Lanes, MOST, Rows, Work};
use crate::scheme::{self, DIGEST, STEPS};
use crate::{
    Digest, FieldElement, Parameter, Seed, SimdBackend, chain, compress, leaf, poseidon, tweak,
};

/// Chains of an epoch.
pub const CHAINS: usize = scheme::CHAINS;
/// Positions of a chain, its start included.
pub const POSITIONS: usize = STEPS as usize + 1;
/// The lanes of the widest backend: the epochs that one call covers at most.
pub const MOST_LANES: usize = MOST;

/// Poseidon2 at width 16, on sixteen states, `times` times over.
pub fn permute_16(backend: SimdBackend, states: &mut [[FieldElement; 16]; MOST], times: u32) {
    permute(backend, states, Narrow { times });
}

/// Poseidon2 at width 24, on sixteen states, `times` times over.
pub fn permute_24(backend: SimdBackend, states: &mut [[FieldElement; 24]; MOST], times: u32) {
    permute(backend, states, Broad { times });
}

/// The ends of chain `chain` (0 … 21) in the epochs from `first` on, one for each lane of `backend`
/// and [`Digest::default`] beyond: 255 steps each, in place, without an allocation.
#[must_use]
pub fn chain_ends(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    first: u32,
    chain: u8,
) -> [Digest; MOST] {
    let mut values = [[0; MOST]; DIGEST];
    leaves_from(backend, seed, parameter).chain(first, chain, &mut values);
    std::array::from_fn(|lane| Digest::of_lane(&values, lane))
}

/// The starts of chain `chain` (0 … 21) in the epochs from `first` on, as [`chain_ends`] returns the
/// ends.
#[must_use]
pub fn chain_starts(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    first: u32,
    chain: u8,
) -> [Digest; MOST] {
    let mut values = [[0; MOST]; DIGEST];
    leaves_from(backend, seed, parameter).starts(first, chain, &mut values);
    std::array::from_fn(|lane| Digest::of_lane(&values, lane))
}

/// Walks chain `chain` in the epochs from `first` on, from the position `steps.start` to `steps.end`.
/// `values` holds one digest for each lane, before and after.
///
/// # Panics
/// When `steps` runs backwards.
pub fn walk(
    backend: SimdBackend,
    parameter: &Parameter,
    first: u32,
    chain: u8,
    steps: Range<u8>,
    values: &mut [Digest; MOST],
) {
    assert!(steps.start <= steps.end, "a chain has no step back, and {steps:?} is one");
    let mut rows = rows_of(values);
    let places = tweak::epochs(first, chain);
    chain::walk(backend, parameter, &places, steps.start, steps.end, &mut rows);
    *values = std::array::from_fn(|lane| Digest::of_lane(&rows, lane));
}

/// The leaves of the epochs from `first` on, one for each lane of `backend` and
/// [`Digest::default`] beyond, of the ends of their chains.
#[must_use]
pub fn leaves(
    backend: SimdBackend,
    parameter: &Parameter,
    first: u32,
    ends: &[[Digest; MOST]; CHAINS],
) -> [Digest; MOST] {
    let rows = ends.each_ref().map(rows_of);
    let hashed = leaf::hash(backend, parameter, first, &rows);
    std::array::from_fn(|lane| Digest::of_lane(&hashed, lane))
}

/// Hands the leaves of `count` epochs from `first` on to `receive`, in order, without keeping them.
pub fn each_leaf(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    first: u32,
    count: u64,
    receive: impl FnMut(Digest),
) {
    leaves_from(backend, seed, parameter).each(first, count, receive);
}

/// The parent of two nodes, at `position` from the left of `level`; leaves have level 0.
#[must_use]
pub fn node(
    parameter: &Parameter,
    level: u8,
    position: u32,
    left: &Digest,
    right: &Digest,
) -> Digest {
    compress::node(parameter, level, position, left, right)
}

fn rows_of(digests: &[Digest; MOST]) -> Rows<DIGEST> {
    let mut rows = [[0; MOST]; DIGEST];
    digests.iter().enumerate().for_each(|(lane, digest)| digest.put(&mut rows, lane));
    rows
}

fn leaves_from(backend: SimdBackend, seed: &Seed, parameter: &Parameter) -> Leaves {
    Leaves { seed: seed.clone(), parameter: *parameter, backend }
}

/// A permutation of states of `N` elements.
trait Permutation<const N: usize>: Copy {
    fn apply<L: Lanes>(self, lanes: L, state: &mut [L::Vector; N]);
}

#[derive(Clone, Copy)]
struct Narrow {
    times: u32,
}

impl Permutation<16> for Narrow {
    #[inline(always)]
    fn apply<L: Lanes>(self, lanes: L, state: &mut [L::Vector; 16]) {
        for _ in 0..self.times {
            lanes.permute_16(state);
        }
    }
}

#[derive(Clone, Copy)]
struct Broad {
    times: u32,
}

impl Permutation<24> for Broad {
    #[inline(always)]
    fn apply<L: Lanes>(self, lanes: L, state: &mut [L::Vector; 24]) {
        for _ in 0..self.times {
            poseidon::permute_24(lanes, state);
        }
    }
}

struct Once<'a, P, const N: usize>(P, &'a mut Rows<N>);

impl<P: Permutation<N>, const N: usize> Work for Once<'_, P, N> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self(permutation, rows) = self;
        let mut state = rows.each_ref().map(|row| lanes.load(row));
        permutation.apply(lanes, &mut state);
        for (element, row) in state.into_iter().zip(rows) {
            lanes.store(element, row);
        }
    }
}

fn permute<const N: usize>(
    backend: SimdBackend,
    states: &mut [[FieldElement; N]; MOST],
    permutation: impl Permutation<N>,
) {
    for group in states.chunks_mut(backend.lanes()) {
        let mut rows = [[0; MOST]; N];
        for (lane, state) in group.iter().enumerate() {
            for (row, element) in rows.iter_mut().zip(state) {
                row[lane] = element.word();
            }
        }
        backend.run(Once(permutation, &mut rows));
        for (lane, state) in group.iter_mut().enumerate() {
            for (row, element) in rows.iter().zip(state) {
                *element = FieldElement::from_word(row[lane]);
            }
        }
    }
}
