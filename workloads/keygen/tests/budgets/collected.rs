//! Collect, then build: all leaves first, then the tree, and both are held.

use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use crate::primitives::leaves;
use crate::{Digest, Lifetime, Parameter, Seed, SimdBackend, compress};

/// What was held at the end: the leaves, and every level of the tree with the leaves once more.
#[derive(Clone, Debug)]
pub struct Collected {
    /// One digest for each epoch.
    pub leaves: Vec<Digest>,
    /// The levels of the tree, the leaves first and the root last.
    pub levels: Vec<Vec<Digest>>,
}

impl Collected {
    /// The root: the only node of the last level.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or_default()
    }
}

/// Collects all leaves, then builds the tree over a copy of them: 28 · 3 · 2^*n* bytes, where the
/// whole tree has 28 · 2 · 2^*n* and the root alone needs none.
#[must_use]
pub fn collect(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    lifetime: Lifetime,
) -> Collected {
    let each = lifetime.bottom_trees();
    let mut all = vec![Digest::default(); lifetime.epochs() as usize];
    all.par_chunks_exact_mut(each as usize).enumerate().for_each(|(at, chunk)| {
        let mut slots = chunk.iter_mut();
        leaves(backend, seed, parameter).each((at as u64 * each) as u32, each, |leaf| {
            if let Some(slot) = slots.next() {
                *slot = leaf;
            }
        });
    });
    let levels = build(parameter, &all);
    Collected { leaves: all, levels }
}

fn build(parameter: &Parameter, leaves: &[Digest]) -> Vec<Vec<Digest>> {
    let mut levels = vec![leaves.to_vec()];
    for level in 1..=leaves.len().ilog2() as usize {
        let pairs = (0..).zip(levels[level - 1].as_chunks::<2>().0);
        let node = |(at, [left, right]): (u32, &[Digest; 2])| {
            compress::node(parameter, level as u8, at, left, right)
        };
        let parents = pairs.map(node).collect();
        levels.push(parents);
    }
    levels
}
