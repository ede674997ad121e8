//! Other ways to the same root, which keep more than they need: what not to do, for comparison.
//!
//! The design that this crate follows was found by a port that ran out of memory. Each module is one
//! of the ways it tried or proposed; each returns the root that [`KeyGeneration`](crate::KeyGeneration)
//! finds, for a key that is active in all epochs.

pub mod batched;
pub mod chains;
pub mod collected;
pub mod naive;
pub mod workers;

use crate::{Digest, Parameter, compress};

/// Replaces the nodes of `level` by their parents, until one is left. `first` is the place of the
/// first node from the left.
fn reduce(parameter: &Parameter, mut level: u8, mut first: u32, nodes: &mut Vec<Digest>) {
    while nodes.len() > 1 {
        (level, first) = (level + 1, first / 2);
        for at in 0..nodes.len() / 2 {
            let [left, right] = [nodes[2 * at], nodes[2 * at + 1]];
            nodes[at] = compress::node(parameter, level, first + at as u32, &left, &right);
        }
        nodes.truncate(nodes.len() / 2);
    }
}
