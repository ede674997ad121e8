//! The second level of parallelism: the chains of the same epochs go to several threads as well.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use crate::lanes::{MOST, Rows};
use crate::primitives::leaves;
use crate::scheme::{CHAINS, DIGEST};
use crate::variant::reduce;
use crate::{Digest, Lifetime, Parameter, Seed, SimdBackend, leaf};

/// The root, with the 22 chains of each group of epochs shared out over the threads of the current
/// rayon pool, and the bottom trees too.
#[must_use]
pub fn root(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    lifetime: Lifetime,
) -> Digest {
    let mut roots = vec![Digest::default(); lifetime.bottom_trees() as usize];
    roots.par_iter_mut().enumerate().with_max_len(1).for_each(|(at, root)| {
        let first = (at as u64 * lifetime.bottom_trees()) as u32;
        let mut nodes = Vec::with_capacity(lifetime.bottom_trees() as usize);
        while nodes.len() < lifetime.bottom_trees() as usize {
            let epoch = first.wrapping_add(nodes.len() as u32);
            let group = epochs(backend, seed, parameter, epoch);
            let wanted = lifetime.bottom_trees() as usize - nodes.len();
            nodes.extend(group.into_iter().take(backend.lanes().min(wanted)));
        }
        reduce(parameter, 0, first, &mut nodes);
        *root = nodes[0];
    });
    reduce(parameter, lifetime.half(), 0, &mut roots);
    roots[0]
}

/// The leaves of as many epochs from `first` on as there are lanes, each chain a task of its own.
#[must_use]
pub fn epochs(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    first: u32,
) -> [Digest; MOST] {
    let leaves = leaves(backend, seed, parameter);
    let mut ends: [Rows<DIGEST>; CHAINS] = [[[0; MOST]; DIGEST]; CHAINS];
    let each = ends.par_iter_mut().enumerate();
    each.for_each(|(chain, values)| leaves.chain(first, chain as u8, values));
    let hashed = leaf::hash(backend, parameter, first, &ends);
    std::array::from_fn(|lane| Digest::of_lane(&hashed, lane))
}
