//! The upper part of a tree whose lower nodes are known.

use keygen::primitives::node;
use keygen::{Digest, Parameter};

/// Replaces the nodes of `level` by their parents until one is left. `first` is the position of the
/// first node from the left.
pub(crate) fn reduce(
    parameter: &Parameter,
    mut level: u8,
    mut first: u32,
    nodes: &mut Vec<Digest>,
) {
    while nodes.len() > 1 {
        (level, first) = (level + 1, first / 2);
        for at in 0..nodes.len() / 2 {
            let [left, right] = [nodes[2 * at], nodes[2 * at + 1]];
            nodes[at] = node(parameter, level, first + at as u32, &left, &right);
        }
        nodes.truncate(nodes.len() / 2);
    }
}
