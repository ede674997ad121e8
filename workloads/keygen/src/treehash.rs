//! The root over leaves that come one after the other, with one digest a level kept.

use crate::{Digest, Parameter, compress};

/// A stack of the nodes that still wait for their right sibling (Merkle, 1989; RFC 8391, algorithm 9).
pub(crate) struct Treehash<'a, R> {
    parameter: &'a Parameter,
    /// The epoch of the first leaf: a multiple of how many there will be.
    first: u32,
    pushed: u32,
    waiting: [Digest; 33],
    receive: R,
}

impl<'a, R: FnMut(u8, u32, Digest)> Treehash<'a, R> {
    /// No leaf yet. `receive` gets each node: its level, its position from the left, its digest.
    pub(crate) fn new(parameter: &'a Parameter, first: u32, receive: R) -> Self {
        Self { parameter, first, pushed: 0, waiting: [Digest::default(); 33], receive }
    }

    /// Adds the next leaf, and every node that it completes.
    pub(crate) fn push(&mut self, leaf: Digest) {
        let mut position = self.pushed;
        let (mut level, mut node) = (0, leaf);
        (self.receive)(level, position, node);
        while position % 2 == 1 {
            let left = &self.waiting[usize::from(level)];
            (level, position) = (level + 1, position / 2);
            let absolute = (self.first >> level) + position;
            node = compress::node(self.parameter, level, absolute, left, &node);
            (self.receive)(level, position, node);
        }
        self.waiting[usize::from(level)] = node;
        self.pushed += 1;
    }

    /// The last node of the highest level: the root, once 2^*n* leaves were pushed.
    pub(crate) fn top(&self) -> Digest {
        self.waiting[self.pushed.ilog2() as usize]
    }
}
