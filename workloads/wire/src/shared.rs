//! One proof for many changes: the part of the tree that they touch, each sibling once.
//!
//! The tree of the library is a binary one, in which a part with a single leaf is that leaf. A
//! proof lists the parts on the way to all changed keys, from the root down and from left to right:
//! a *branch*, the *hash* of a part without such a key, a *leaf*, or *nothing*. From these a
//! verifier computes the root before the changes and the root after them. The first four bits of
//! the keys cut the proof into 16 sections, so that threads can make and verify it together.

mod build;
mod verify;

pub(crate) use self::build::build;
pub(crate) use self::verify::{Change, roots};

/// The hash of nothing.
pub(crate) const EMPTY: [u8; 32] = *b"SPARSE_MERKLE_PLACEHOLDER_HASH__";

/// The number of sections of a proof, and the number of bits of a key that choose one.
const SECTIONS: usize = 16;
const SECTION_BITS: usize = 4;

const NOTHING: u8 = 0;
const LEAF: u8 = 1;
const HASH: u8 = 2;
const BRANCH: u8 = 3;

/// A part of the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Nothing,
    /// A single leaf, which stands for every part that contains nothing else.
    Leaf([u8; 32]),
    /// More than one leaf.
    Branch([u8; 32]),
}

impl Part {
    fn hash(self) -> [u8; 32] {
        match self {
            Self::Nothing => EMPTY,
            Self::Leaf(hash) | Self::Branch(hash) => hash,
        }
    }

    /// The part of which these are the halves.
    fn join(left: Self, right: Self) -> Self {
        match (left, right) {
            (one, Self::Nothing) | (Self::Nothing, one) if !matches!(one, Self::Branch(_)) => one,
            _ => Self::Branch(crate::hasher::hash(&[
                b"JMT::IntrnalNode",
                &left.hash(),
                &right.hash(),
            ])),
        }
    }

    /// The part of which these are the leaves, in order; their number is a power of two.
    fn over(parts: &[Self]) -> Self {
        match parts {
            [part] => *part,
            parts => {
                let (left, right) = parts.split_at(parts.len() / 2);
                Self::join(Self::over(left), Self::over(right))
            }
        }
    }

    fn leaf(key: &[u8; 32], value_hash: &[u8; 32]) -> Self {
        Self::Leaf(crate::hasher::hash(&[b"JMT::LeafNode", key, value_hash]))
    }
}

/// The bit of `key` that chooses a half at `depth`.
fn bit(key: &[u8; 32], depth: usize) -> bool {
    key[depth / 8] >> (7 - depth % 8) & 1 == 1
}
