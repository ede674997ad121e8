//! The nodes that a key keeps.

use std::ops::Range;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use crate::bottom::{self, Leaves};
use crate::top::Top;
use crate::{Digest, KeyGenError, Lifetime, TreeRetention};

/// The nodes that a key keeps, in as many vectors as there are kinds of them.
#[derive(Clone)]
pub(crate) enum Retained {
    Root,
    TopAndBottomTrees {
        roots: Vec<Digest>,
        inner: Vec<Digest>,
        /// The bottom tree on the left of the window.
        window: u64,
        left: Vec<Digest>,
        right: Vec<Digest>,
    },
    /// The bottom trees one after the other, and the nodes above their roots.
    WholeTree {
        bottom: Vec<Digest>,
        inner: Vec<Digest>,
    },
}

impl Retained {
    /// Computes all leaves of `trees`. Returns the root, and the nodes that `retention` keeps.
    pub(crate) fn grow(
        retention: TreeRetention,
        leaves: &Leaves,
        lifetime: Lifetime,
        trees: &Range<u64>,
    ) -> Result<(Digest, Self), KeyGenError> {
        let count = trees.end - trees.start;
        let top = top(leaves, lifetime, trees);
        let (height, first) = (lifetime.half(), trees.start);
        match retention {
            TreeRetention::RootOnly => {
                let mut roots = blank(count)?;
                bottom_roots(leaves, height, first, &mut roots);
                Ok((top.root_in_place(&mut roots), Self::Root))
            }
            TreeRetention::TopAndBottomTrees => {
                let nodes = bottom::nodes(height) as u64;
                let (mut roots, mut inner) = (blank(count)?, room(top.inner_nodes() as u64)?);
                let (mut left, mut right) = (blank(nodes)?, blank(nodes)?);
                rayon::join(
                    || leaves.bottom_tree(height, first, &mut left),
                    || leaves.bottom_tree(height, first + 1, &mut right),
                );
                (roots[0], roots[1]) = (left[left.len() - 1], right[right.len() - 1]);
                bottom_roots(leaves, height, first + 2, &mut roots[2..]);
                top.grow(|at| roots[at], &mut inner);
                let root = inner[inner.len() - 1];
                Ok((root, Self::TopAndBottomTrees { roots, inner, window: first, left, right }))
            }
            TreeRetention::WholeTree => {
                let nodes = bottom::nodes(height);
                let mut bottom = blank(count * nodes as u64)?;
                let mut inner = room(top.inner_nodes() as u64)?;
                let each = bottom.par_chunks_exact_mut(nodes).enumerate();
                each.for_each(|(at, nodes)| leaves.bottom_tree(height, first + at as u64, nodes));
                top.grow(|at| bottom[(at + 1) * nodes - 1], &mut inner);
                Ok((inner[inner.len() - 1], Self::WholeTree { bottom, inner }))
            }
        }
    }

    /// The bottom trees whose epochs can be signed in; `trees` are the active ones.
    pub(crate) fn prepared(&self, trees: &Range<u64>) -> Range<u64> {
        match self {
            Self::Root => trees.start..trees.start,
            Self::TopAndBottomTrees { window, .. } => *window..*window + 2,
            Self::WholeTree { .. } => trees.clone(),
        }
    }

    /// Moves the window on by one bottom tree, and says whether there was one to move to.
    pub(crate) fn advance(
        &mut self,
        leaves: &Leaves,
        lifetime: Lifetime,
        trees: &Range<u64>,
    ) -> bool {
        match self {
            Self::TopAndBottomTrees { window, left, right, .. } if *window + 2 < trees.end => {
                // The new tree takes the room of the one that is left behind.
                leaves.bottom_tree(lifetime.half(), *window + 2, left);
                std::mem::swap(left, right);
                *window += 1;
                true
            }
            _ => false,
        }
    }

    /// The siblings on the way from `epoch`, which is prepared, to the root.
    pub(crate) fn path(
        &self,
        leaves: &Leaves,
        lifetime: Lifetime,
        trees: &Range<u64>,
        epoch: u32,
    ) -> Vec<Digest> {
        let (height, index) = (lifetime.half(), u64::from(epoch) >> lifetime.half());
        let size = bottom::nodes(height);
        let top = top(leaves, lifetime, trees);
        let mut path = Vec::with_capacity(usize::from(lifetime.log2()));
        let below = |tree: &[Digest], path: &mut Vec<Digest>| {
            let place = epoch & ((1 << height) - 1);
            let siblings = (0..height).map(|level| (level, place >> level ^ 1));
            path.extend(siblings.map(|(level, at)| bottom::node(tree, height, level, at)));
        };
        match self {
            Self::Root => {}
            Self::TopAndBottomTrees { roots, inner, window, left, right } => {
                below(if index == *window { left } else { right }, &mut path);
                top.path(index, |at| roots[at], inner, |node| path.push(node));
            }
            Self::WholeTree { bottom, inner } => {
                let at = (index - trees.start) as usize;
                below(&bottom[at * size..][..size], &mut path);
                top.path(index, |at| bottom[(at + 1) * size - 1], inner, |node| path.push(node));
            }
        }
        path
    }
}

fn top<'a>(leaves: &'a Leaves, lifetime: Lifetime, trees: &Range<u64>) -> Top<'a> {
    let count = (trees.end - trees.start) as usize;
    Top { lifetime, seed: &leaves.seed, parameter: &leaves.parameter, first: trees.start, count }
}

/// The roots of the bottom trees from `first` on, shared out over the threads.
fn bottom_roots(leaves: &Leaves, height: u8, first: u64, roots: &mut [Digest]) {
    let each = roots.par_iter_mut().enumerate().with_max_len(1);
    each.for_each(|(at, root)| *root = leaves.bottom_root(height, first + at as u64));
}

/// An empty vector with room for exactly `nodes` digests.
fn room(nodes: u64) -> Result<Vec<Digest>, KeyGenError> {
    let mut digests = Vec::new();
    let refused = |_| KeyGenError::Memory { nodes };
    digests.try_reserve_exact(nodes as usize).map_err(refused)?;
    Ok(digests)
}

/// `nodes` digests that are still to be computed.
fn blank(nodes: u64) -> Result<Vec<Digest>, KeyGenError> {
    let mut digests = room(nodes)?;
    digests.resize(nodes as usize, Digest::default());
    Ok(digests)
}
