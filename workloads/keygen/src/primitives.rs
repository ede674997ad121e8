//! The hashes by themselves, for tests and benches: each on as many epochs as a backend has lanes.

use crate::bottom::Leaves;
use crate::lanes::{Lanes, MOST, Rows, Work};
use crate::scheme::{CHAINS, DIGEST};
use crate::{Digest, FieldElement, Parameter, Seed, SimdBackend, leaf, poseidon};

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
    leaves(backend, seed, parameter).chain(first, chain, &mut values);
    std::array::from_fn(|lane| Digest::of_lane(&values, lane))
}

/// The leaves of the epochs from `first` on, one for each lane of `backend` and
/// [`Digest::default`] beyond, of chains whose ends are all the same.
#[must_use]
pub fn leaves_of(
    backend: SimdBackend,
    parameter: &Parameter,
    first: u32,
    end: Digest,
) -> [Digest; MOST] {
    let mut rows = [[0; MOST]; DIGEST];
    (0..MOST).for_each(|lane| end.put(&mut rows, lane));
    let hashed = leaf::hash(backend, parameter, first, &[rows; CHAINS]);
    std::array::from_fn(|lane| Digest::of_lane(&hashed, lane))
}

pub(crate) fn leaves(backend: SimdBackend, seed: &Seed, parameter: &Parameter) -> Leaves {
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
