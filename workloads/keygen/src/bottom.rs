//! Bottom trees: leaves of consecutive epochs, and the root over them.

use crate::backend::SimdBackend;
use crate::lanes::{MOST, Rows};
use crate::scheme::{CHAINS, DIGEST, STEPS};
use crate::treehash::Treehash;
use crate::{Digest, Parameter, Seed, chain, leaf, prf, tweak};

/// All that the leaves of a key depend on.
#[derive(Clone, Debug)]
pub(crate) struct Leaves {
    pub(crate) seed: Seed,
    pub(crate) parameter: Parameter,
    pub(crate) backend: SimdBackend,
}

impl Leaves {
    /// The leaves of `count` epochs from `first` on, in order. Nothing is allocated.
    pub(crate) fn each(&self, first: u32, count: u64, mut receive: impl FnMut(Digest)) {
        let lanes = self.backend.lanes();
        let mut ends = [[[0; MOST]; DIGEST]; CHAINS];
        for done in (0..count).step_by(lanes) {
            let epoch = first.wrapping_add(done as u32);
            for (chain, values) in (0..).zip(&mut ends) {
                self.chain(epoch, chain, values);
            }
            let leaves = leaf::hash(self.backend, &self.parameter, epoch, &ends);
            for lane in 0..lanes.min((count - done) as usize) {
                receive(Digest::of_lane(&leaves, lane));
            }
        }
    }

    /// The ends of chain `chain` in as many epochs from `first` on as the backend has lanes.
    pub(crate) fn chain(&self, first: u32, chain: u8, values: &mut Rows<DIGEST>) {
        self.starts(first, chain, values);
        let places = tweak::epochs(first, chain);
        chain::walk(self.backend, &self.parameter, &places, 0, STEPS, values);
    }

    /// The starts of chain `chain` in as many epochs from `first` on as the backend has lanes.
    pub(crate) fn starts(&self, first: u32, chain: u8, values: &mut Rows<DIGEST>) {
        for lane in 0..self.backend.lanes() {
            prf::start(&self.seed, first.wrapping_add(lane as u32), chain).put(values, lane);
        }
    }

    /// The root over 2^`height` epochs: the bottom tree `index`, of which nothing else is kept.
    pub(crate) fn bottom_root(&self, height: u8, index: u64) -> Digest {
        self.grow(height, index, |_, _, _| ())
    }

    /// The nodes of the bottom tree `index` into `nodes`, the leaves first and the root last.
    pub(crate) fn bottom_tree(&self, height: u8, index: u64, nodes: &mut [Digest]) {
        self.grow(height, index, |level, position, node| {
            nodes[offset(height, level) + position as usize] = node;
        });
    }

    fn grow(&self, height: u8, index: u64, receive: impl FnMut(u8, u32, Digest)) -> Digest {
        let first = (index << height) as u32;
        let mut treehash = Treehash::new(&self.parameter, first, receive);
        self.each(first, 1 << height, |leaf| treehash.push(leaf));
        treehash.top()
    }
}

/// How many nodes a tree of `height` has: 2 · 2^height - 1.
pub(crate) const fn nodes(height: u8) -> usize {
    (2 << height) - 1
}

/// Where the nodes of `level` begin, in a tree of which the leaves stand first and the root last.
const fn offset(height: u8, level: u8) -> usize {
    // What stands above `level`, and `level` itself, is a tree of its own height.
    nodes(height) - nodes(height - level)
}

/// The node at `level` and `position` (from the tree's own left) among the `nodes` of a tree.
pub(crate) fn node(nodes: &[Digest], height: u8, level: u8, position: u32) -> Digest {
    nodes[offset(height, level) + position as usize]
}
