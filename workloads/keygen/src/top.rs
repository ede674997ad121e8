//! The top tree: over the roots of the active bottom trees.

use crate::{Digest, Lifetime, Parameter, Seed, compress, prf};

/// Where the top tree stands, and what its nodes depend on besides the roots below.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Top<'a> {
    pub(crate) lifetime: Lifetime,
    pub(crate) seed: &'a Seed,
    pub(crate) parameter: &'a Parameter,
    /// The first active bottom tree.
    pub(crate) first: u64,
    /// How many bottom trees are active.
    pub(crate) count: usize,
}

impl Top<'_> {
    /// The active nodes of `level` above the roots of the bottom trees: the first, and how many.
    fn row(&self, level: u8) -> (u64, usize) {
        let last = (self.first + self.count as u64 - 1) >> level;
        let first = self.first >> level;
        (first, (last - first + 1) as usize)
    }

    /// How many nodes there are above the roots of the bottom trees.
    pub(crate) fn inner_nodes(&self) -> usize {
        (1..=self.lifetime.half()).map(|level| self.row(level).1).sum()
    }

    /// The node at `index` of `level`, or, where no epoch is active, its padding.
    ///
    /// hash-sig draws the padding at random; here it follows from the seed, so that a key is the same
    /// each time. Where all epochs are active there is none.
    pub(crate) fn node(&self, level: u8, index: u64, active: impl Fn(usize) -> Digest) -> Digest {
        let (first, count) = self.row(level);
        match index.checked_sub(first).map(|at| at as usize) {
            Some(at) if at < count => active(at),
            _ => prf::padding(self.seed, self.lifetime.half() + level, index as u32),
        }
    }

    fn parent(&self, level: u8, index: u64, active: impl Fn(usize) -> Digest) -> Digest {
        let left = self.node(level - 1, 2 * index, &active);
        let right = self.node(level - 1, 2 * index + 1, &active);
        let level = self.lifetime.half() + level;
        compress::node(self.parameter, level, index as u32, &left, &right)
    }

    /// The root, over bottom roots whose room it takes.
    pub(crate) fn root_in_place(&self, nodes: &mut [Digest]) -> Digest {
        for level in 1..=self.lifetime.half() {
            let (first, count) = self.row(level);
            for at in 0..count {
                // Two children make one parent: what is written here was read before.
                nodes[at] = self.parent(level, first + at as u64, |child| nodes[child]);
            }
        }
        nodes[0]
    }

    /// Appends all inner nodes to `inner`, level by level; the root comes last.
    pub(crate) fn grow(&self, roots: impl Fn(usize) -> Digest, inner: &mut Vec<Digest>) {
        let mut below = 0;
        for level in 1..=self.lifetime.half() {
            let (first, count) = self.row(level);
            let start = inner.len();
            for at in 0..count {
                let index = first + at as u64;
                let node = match level {
                    1 => self.parent(level, index, &roots),
                    _ => self.parent(level, index, |child| inner[below + child]),
                };
                inner.push(node);
            }
            below = start;
        }
    }

    /// The siblings on the way from the bottom tree `index` to the root, the lowest first.
    pub(crate) fn path(
        &self,
        index: u64,
        roots: impl Fn(usize) -> Digest,
        inner: &[Digest],
        mut receive: impl FnMut(Digest),
    ) {
        let mut below = 0;
        for level in 0..self.lifetime.half() {
            let sibling = index >> level ^ 1;
            receive(match level {
                0 => self.node(level, sibling, &roots),
                _ => self.node(level, sibling, |at| inner[below + at]),
            });
            below += if level == 0 { 0 } else { self.row(level).1 };
        }
    }
}
