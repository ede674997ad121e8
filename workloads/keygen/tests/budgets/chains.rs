//! The second level of parallelism: the chains of the same epochs go to several threads as well.

use keygen::primitives::{CHAINS, MOST_LANES, chain_ends, leaves};
use keygen::{Digest, Lifetime, Parameter, Seed, SimdBackend};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use crate::tree::reduce;

/// The root, with the 22 chains of each group of epochs shared out over the threads of the current
/// rayon pool, and the bottom trees too.
#[must_use]
pub(crate) fn root(
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
    reduce(parameter, lifetime.log2() / 2, 0, &mut roots);
    roots[0]
}

/// The leaves of as many epochs from `first` on as there are lanes, each chain a task of its own.
#[must_use]
pub(crate) fn epochs(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    first: u32,
) -> [Digest; MOST_LANES] {
    let mut ends = [[Digest::default(); MOST_LANES]; CHAINS];
    ends.par_iter_mut().enumerate().for_each(|(chain, ends)| {
        *ends = chain_ends(backend, seed, parameter, first, chain as u8);
    });
    leaves(backend, parameter, first, &ends)
}
