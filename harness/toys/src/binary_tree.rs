//! Builds a tree by a function that calls itself from two places: every node has a call stack of
//! its own.

use std::hint::black_box;

use serde::Deserialize;

/// The number of levels below the root.
#[derive(Debug, Deserialize)]
pub struct Params {
    levels: u32,
}

/// Two children, or none.
#[derive(Debug)]
struct Node {
    children: Option<(Box<Node>, Box<Node>)>,
}

/// A tree of `levels` has 2^(levels + 1) - 2 nodes below its root, which is not boxed; each is
/// two pointers, 16 B.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<u64, String>, String> {
    Ok(move || Ok(count(&grow(params.levels))))
}

#[inline(never)]
fn grow(levels: u32) -> Node {
    let children = (levels > 0).then(|| {
        let first = Box::new(grow(levels - 1));
        (first, black_box(Box::new(grow(levels - 1))))
    });
    Node { children }
}

fn count(node: &Node) -> u64 {
    1 + node.children.as_ref().map_or(0, |(a, b)| count(a) + count(b))
}
