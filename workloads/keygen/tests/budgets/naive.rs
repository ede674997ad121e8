//! The naive way: every value of every chain of every epoch is kept until the root is there.
//!
//! It is the way that asked for 47 GB at a lifetime of 2^18 and was killed.

use crate::lanes::{MOST, Rows};
use crate::scheme::{CHAINS, DIGEST, STEPS};
use crate::variant::reduce;
use crate::{Digest, Lifetime, Parameter, Seed, SimdBackend, chain, leaf, prf, tweak};

/// The positions of one chain.
const POSITIONS: usize = STEPS as usize + 1;

/// What one epoch keeps: 22 chains of 256 values of 28 bytes, 157,696 bytes.
///
/// ```
/// assert_eq!(keygen::variant::naive::BYTES_PER_EPOCH, 157_696);
/// assert_eq!(keygen::variant::naive::BYTES_PER_EPOCH << 18, 41_339_060_224); // 41 GB at 2^18
/// ```
pub const BYTES_PER_EPOCH: u64 = (CHAINS * POSITIONS * Digest::BYTES) as u64;

/// The root, over chains that are all kept: [`BYTES_PER_EPOCH`] for each epoch, in one block, on one
/// thread.
#[must_use]
pub fn root(
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
    let mut ends: [Rows<DIGEST>; CHAINS] = [[[0; MOST]; DIGEST]; CHAINS];
    for (chain, values) in (0..).zip(&mut ends) {
        let places = tweak::epochs(first, chain);
        for (lane, place) in places.iter().enumerate() {
            prf::start(seed, place.epoch, chain).put(values, lane);
        }
        for position in 0..=STEPS {
            // Position 0 is the start itself; each of the others is a step from the one before.
            let before = position.saturating_sub(1);
            chain::walk(backend, parameter, &places, before, position, values);
            for (lane, epoch) in epochs.iter_mut().enumerate() {
                epoch.push(Digest::of_lane(values, lane));
            }
        }
    }
    kept.extend(epochs);
    let leaves = leaf::hash(backend, parameter, first, &ends);
    (0..count).map(move |lane| Digest::of_lane(&leaves, lane))
}
