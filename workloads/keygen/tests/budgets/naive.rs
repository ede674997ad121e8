//! The naive way: every value of every chain of every epoch is kept until the root is there.
//!
//! It is the way that needed 47 GB at a lifetime of 2^18 and was killed.

use keygen::primitives::{CHAINS, MOST_LANES, POSITIONS, chain_starts, leaves, walk};
use keygen::{Digest, Lifetime, Parameter, Seed, SimdBackend};

use crate::tree::reduce;

/// The root, with all chains kept: 22 chains of 256 values of 28 bytes, 157,696 bytes for each epoch,
/// in one block, on one thread. That is 41,339,060,224 bytes at a lifetime of 2^18.
#[must_use]
pub(crate) fn root(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    lifetime: Lifetime,
) -> Digest {
    let mut kept: Vec<Vec<Digest>> = Vec::new();
    let mut nodes = Vec::new();
    let lanes = backend.lanes();
    for first in (0..lifetime.epochs()).step_by(lanes) {
        let count = lanes.min((lifetime.epochs() - first) as usize);
        nodes.extend(epochs(backend, seed, parameter, first as u32, count, &mut kept));
    }
    reduce(parameter, 0, 0, &mut nodes);
    drop(kept);
    nodes[0]
}

/// The leaves of `count` epochs from `first` on; their chains' values go to `kept`.
fn epochs(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    first: u32,
    count: usize,
    kept: &mut Vec<Vec<Digest>>,
) -> impl Iterator<Item = Digest> {
    let room = || Vec::with_capacity(CHAINS * POSITIONS);
    let mut epochs: Vec<Vec<Digest>> = std::iter::repeat_with(room).take(count).collect();
    let mut ends = [[Digest::default(); MOST_LANES]; CHAINS];
    for (chain, values) in (0..).zip(&mut ends) {
        *values = chain_starts(backend, seed, parameter, first, chain);
        for position in 0..POSITIONS {
            // Position 0 is the start itself; each of the others is a step from the one before.
            let steps = position.saturating_sub(1) as u8..position as u8;
            walk(backend, parameter, first, chain, steps, values);
            for (lane, epoch) in epochs.iter_mut().enumerate() {
                epoch.push(values[lane]);
            }
        }
    }
    kept.extend(epochs);
    let leaves = leaves(backend, parameter, first, &ends);
    leaves.into_iter().take(count)
}
