//! Collect, then build: all leaves first, then the tree, and both stay live.

use keygen::primitives::{each_leaf, node};
use keygen::{Digest, Lifetime, Parameter, Seed, SimdBackend};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

/// The memory that is live at the end: the leaves, and every level of the tree with the leaves once more.
#[derive(Clone, Debug)]
pub(crate) struct Collected {
    /// One digest for each epoch.
    #[expect(dead_code, reason = "they stay live beside the tree, which is the point")]
    pub(crate) leaves: Vec<Digest>,
    /// The levels of the tree, the leaves first and the root last.
    pub(crate) levels: Vec<Vec<Digest>>,
}

impl Collected {
    /// The root: the only node of the last level.
    #[must_use]
    pub(crate) fn root(&self) -> Digest {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or_default()
    }
}

/// Collects all leaves, then builds the tree over a copy of them: 28 · 3 · 2^*n* bytes, where the
/// whole tree has 28 · 2 · 2^*n* and the root alone needs none.
#[must_use]
pub(crate) fn collect(
    backend: SimdBackend,
    seed: &Seed,
    parameter: &Parameter,
    lifetime: Lifetime,
) -> Collected {
    let each = lifetime.bottom_trees();
    let mut all = vec![Digest::default(); lifetime.epochs() as usize];
    all.par_chunks_exact_mut(each as usize).enumerate().for_each(|(at, chunk)| {
        let mut slots = chunk.iter_mut();
        each_leaf(backend, seed, parameter, (at as u64 * each) as u32, each, |leaf| {
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
        let parent = |(at, [left, right]): (u32, &[Digest; 2])| {
            node(parameter, level as u8, at, left, right)
        };
        let parents = pairs.map(parent).collect();
        levels.push(parents);
    }
    levels
}
