//! Making a proof: one walk over the nodes on the way to the keys.

use jmt::storage::{LeafNode, NibblePath, Node, NodeKey, TreeReader};
use jmt::{KeyHash, Version};

use super::{BRANCH, HASH, LEAF, NOTHING, Part, SECTION_BITS, SECTIONS, bit};
use crate::store::{Reader, Store};
use crate::threads::Threads;
use crate::{Error, Result};

/// The sections of a proof for `keys`, which are sorted, on the tree of `version`; `None` is the
/// tree before any version.
pub(crate) fn build(
    store: &Store,
    version: Option<Version>,
    keys: &[KeyHash],
    threads: &Threads,
) -> Result<Vec<Vec<u8>>> {
    let Some(version) = version else { return Ok(vec![vec![NOTHING]; SECTIONS]) };
    let numbers: [usize; SECTIONS] = std::array::from_fn(|number| number);
    let sections = threads.map(&numbers, |&number| {
        let low = keys.partition_point(|key| usize::from(key.0[0] >> 4) < number);
        let high = keys.partition_point(|key| usize::from(key.0[0] >> 4) <= number);
        let reader = store.reader()?;
        let mut walk = Walk { reader: &reader, to: Vec::new() };
        walk.section(version, number, &keys[low..high]).map_err(Error::tree(version))?;
        Ok(walk.to)
    });
    sections.into_iter().collect()
}

struct Walk<'a> {
    reader: &'a Reader<'a>,
    to: Vec<u8>,
}

/// An internal node of the library: 16 children, each with its hash.
struct Children<'a> {
    path: &'a [u8],
    parts: [Part; 16],
    versions: [Version; 16],
}

impl Walk<'_> {
    fn section(&mut self, version: Version, number: usize, keys: &[KeyHash]) -> anyhow::Result<()> {
        match self.reader.get_node(&node_key(version, &[]))? {
            Node::Null => self.to.push(NOTHING),
            Node::Leaf(leaf) if usize::from(leaf.key_hash().0[0] >> 4) == number => {
                self.leaf(&leaf)?;
            }
            Node::Leaf(_) => self.to.push(NOTHING),
            node @ Node::Internal(_) => {
                let children = Children::of(&[], &node);
                // A single leaf is listed even where no key lies: a leaf joins with the
                // neighbouring sections in another way than a branch.
                match (children.parts[number], keys) {
                    (Part::Branch(hash), []) => self.hash(&hash),
                    (Part::Leaf(_), _) => self.child(&children, number)?,
                    _ => self.range(&children, number..number + 1, SECTION_BITS, keys)?,
                }
            }
        }
        Ok(())
    }

    fn range(
        &mut self,
        children: &Children<'_>,
        range: std::ops::Range<usize>,
        depth: usize,
        keys: &[KeyHash],
    ) -> anyhow::Result<()> {
        let parts = &children.parts[range.clone()];
        let mut present = (0..parts.len()).filter(|&at| parts[at] != Part::Nothing);
        let (first, second) = (present.next(), present.next());
        match (first, second) {
            (None, _) => self.to.push(NOTHING),
            _ if keys.is_empty() => self.hash(&Part::over(parts).hash()),
            (Some(only), None) if matches!(parts[only], Part::Leaf(_)) => {
                self.child(children, range.start + only)?;
            }
            _ if range.len() == 1 => {
                let mut path = children.path.to_vec();
                path.push(range.start as u8);
                let key = node_key(children.versions[range.start], &path);
                let node = self.reader.get_node(&key)?;
                self.range(&Children::of(&path, &node), 0..16, depth, keys)?;
            }
            _ => {
                self.to.push(BRANCH);
                let middle = range.start + range.len() / 2;
                let (left, right) = keys.split_at(keys.partition_point(|key| !bit(&key.0, depth)));
                self.range(children, range.start..middle, depth + 1, left)?;
                self.range(children, middle..range.end, depth + 1, right)?;
            }
        }
        Ok(())
    }

    fn child(&mut self, children: &Children<'_>, at: usize) -> anyhow::Result<()> {
        let mut path = children.path.to_vec();
        path.push(at as u8);
        match self.reader.get_node(&node_key(children.versions[at], &path))? {
            Node::Leaf(leaf) => self.leaf(&leaf),
            _ => anyhow::bail!("the node at {path:?} is no leaf"),
        }
    }

    /// A leaf is encoded as its key and the hash of its value.
    fn leaf(&mut self, leaf: &LeafNode) -> anyhow::Result<()> {
        self.to.push(LEAF);
        Ok(borsh::to_writer(&mut self.to, leaf)?)
    }

    fn hash(&mut self, hash: &[u8; 32]) {
        self.to.push(HASH);
        self.to.extend_from_slice(hash);
    }
}

impl<'a> Children<'a> {
    fn of(path: &'a [u8], node: &Node) -> Self {
        let mut children = Self { path, parts: [Part::Nothing; 16], versions: [0; 16] };
        let Node::Internal(node) = node else { return children };
        for (nibble, child) in node.children_unsorted() {
            let at = nibble.as_usize();
            children.versions[at] = child.version;
            children.parts[at] = match child.is_leaf() {
                true => Part::Leaf(child.hash),
                false => Part::Branch(child.hash),
            };
        }
        children
    }
}

fn node_key(version: Version, path: &[u8]) -> NodeKey {
    NodeKey::new(version, path.iter().map(|&nibble| nibble.into()).collect::<NibblePath>())
}
