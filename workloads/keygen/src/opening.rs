//! What a signature opens: one value of each chain, and from them the leaf.
//!
//! The chains of one epoch stand in the lanes here, where key generation has the epochs of one chain.
//! They start or stop at different positions, so the walk goes from one such position to the next.

use crate::lanes::{MOST, Rows};
use crate::scheme::{CHAINS, DIGEST, STEPS};
use crate::tweak::Place;
use crate::{Digest, Parameter, Seed, chain, leaf, prf, simd_backend};

/// The value of each chain of `epoch` at the position that `codeword` says.
pub(crate) fn open(
    seed: &Seed,
    parameter: &Parameter,
    epoch: u32,
    codeword: &[u8; CHAINS],
) -> [Digest; CHAINS] {
    let mut values: [Digest; CHAINS] =
        std::array::from_fn(|chain| prf::start(seed, epoch, chain as u8));
    walk_each(parameter, epoch, codeword, &mut values, Direction::Open);
    values
}

/// The leaf of `epoch`, if `hashes` are the values of its chains at the positions of `codeword`.
pub(crate) fn leaf(
    parameter: &Parameter,
    epoch: u32,
    codeword: &[u8; CHAINS],
    hashes: &[Digest; CHAINS],
) -> Digest {
    let mut values = *hashes;
    walk_each(parameter, epoch, codeword, &mut values, Direction::Close);
    let mut ends = [[[0; MOST]; DIGEST]; CHAINS];
    for (value, rows) in values.iter().zip(&mut ends) {
        value.put(rows, 0);
    }
    leaf::hash_one(parameter, epoch, &ends)
}

/// Which part of a chain is walked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// From its start to the codeword's position.
    Open,
    /// From the codeword's position to its end.
    Close,
}

/// Walks every chain, as many at once as there are lanes.
fn walk_each(
    parameter: &Parameter,
    epoch: u32,
    codeword: &[u8; CHAINS],
    values: &mut [Digest; CHAINS],
    direction: Direction,
) {
    let backend = simd_backend();
    let lanes = backend.lanes();
    for first in (0..CHAINS).step_by(lanes) {
        let group = first..CHAINS.min(first + lanes);
        let places = std::array::from_fn(|lane| Place { epoch, chain: (first + lane) as u8 });
        let (positions, values) = (&codeword[group.clone()], &mut values[group]);
        let mut rows: Rows<DIGEST> = [[0; MOST]; DIGEST];
        for (lane, value) in values.iter().enumerate() {
            value.put(&mut rows, lane);
        }
        let mut at = 0;
        // A lane at position 0 has its value already, whether it stops or starts there.
        while let Some(next) = next(positions, at) {
            chain::walk(backend, parameter, &places, at, next, &mut rows);
            at = next;
            for (lane, _) in positions.iter().enumerate().filter(|&(_, &here)| here == at) {
                match direction {
                    Direction::Open => values[lane] = Digest::of_lane(&rows, lane),
                    Direction::Close => values[lane].put(&mut rows, lane),
                }
            }
        }
        if direction == Direction::Close {
            chain::walk(backend, parameter, &places, at, STEPS, &mut rows);
            for (lane, value) in values.iter_mut().enumerate() {
                *value = Digest::of_lane(&rows, lane);
            }
        }
    }
}

/// The least of `positions` above `at`.
fn next(positions: &[u8], at: u8) -> Option<u8> {
    positions.iter().copied().filter(|&position| position > at).min()
}
