//! Batches of epochs: collect the leaves of one batch, build its root, drop the leaves.

use keygen::primitives::each_leaf;
use keygen::{Digest, Lifetime, Parameter, Seed, SimdBackend};

use crate::tree::reduce;

/// The batch that the design document proposes.
pub(crate) const EPOCHS: u32 = 1024;

/// The root, by batches of `epochs` (a power of two; a shorter lifetime is one batch), one after the
/// other: 28 bytes for each epoch of one batch and for each batch.
///
/// # Panics
/// If `epochs` is not a power of two.
#[must_use]
pub(crate) fn root(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    lifetime: Lifetime,
    epochs: u32,
) -> Digest {
    assert!(epochs.is_power_of_two(), "batches of {epochs} epochs do not tile a tree; try 1024");
    let size = u64::from(epochs).min(lifetime.epochs());
    let mut roots = Vec::with_capacity((lifetime.epochs() / size) as usize);
    for batch in 0..lifetime.epochs() / size {
        let first = (batch * size) as u32;
        let mut nodes = Vec::with_capacity(size as usize);
        each_leaf(backend, seed, parameter, first, size, |leaf| nodes.push(leaf));
        reduce(parameter, 0, first, &mut nodes);
        roots.extend(nodes);
    }
    reduce(parameter, size.ilog2() as u8, 0, &mut roots);
    roots[0]
}
