//! A store under changes that are not written yet.
//!
//! The tree's library could take a whole batch as one version. But it first collects the nodes in
//! tables of a random order and then inserts them into an ordered one, so that the number of blocks
//! differs from run to run. With one account at a time, its tables are too small for that. This
//! store collects their nodes, and only the last version of each.

use std::collections::BTreeMap;

use jmt::storage::{
    LeafNode, NibblePath, Node, NodeBatch, NodeKey, StaleNodeIndexBatch, TreeReader,
    TreeUpdateBatch,
};
use jmt::{KeyHash, OwnedValue, Version};

use crate::store::Reader;

pub(super) struct Overlay<'a> {
    below: Reader<'a>,
    nodes: BTreeMap<NibblePath, (Version, Node)>,
    values: BTreeMap<(Version, KeyHash), Option<OwnedValue>>,
    stale: StaleNodeIndexBatch,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(below: Reader<'a>) -> Self {
        let (nodes, values) = (BTreeMap::new(), BTreeMap::new());
        Self { below, nodes, values, stale: StaleNodeIndexBatch::new() }
    }

    /// Adds one version.
    // Not inlined, so that allocation profiles name it.
    #[inline(never)]
    pub(super) fn add(&mut self, batch: TreeUpdateBatch) {
        for stale in batch.stale_node_index_batch {
            let path = stale.node_key.nibble_path();
            match self.nodes.get(path) {
                Some((version, _)) if *version == stale.node_key.version() => {
                    self.nodes.remove(path);
                }
                _ => drop(self.stale.insert(stale)),
            }
        }
        for (key, node) in batch.node_batch.nodes() {
            self.nodes.insert(key.nibble_path().clone(), (key.version(), node.clone()));
        }
        for (key, value) in batch.node_batch.values() {
            self.values.insert(*key, value.clone());
        }
    }

    /// All versions that were added, to be written.
    // Not inlined, so that allocation profiles name it.
    #[inline(never)]
    pub(super) fn into_batch(self) -> TreeUpdateBatch {
        let keyed = |(path, (version, node))| (NodeKey::new(version, path), node);
        let nodes = self.nodes.into_iter().map(keyed).collect();
        TreeUpdateBatch {
            node_batch: NodeBatch::new(nodes, self.values),
            stale_node_index_batch: self.stale,
            node_stats: Vec::new(),
        }
    }
}

impl TreeReader for Overlay<'_> {
    fn get_node_option(&self, key: &NodeKey) -> anyhow::Result<Option<Node>> {
        match self.nodes.get(key.nibble_path()) {
            Some((version, node)) if *version == key.version() => Ok(Some(node.clone())),
            _ => self.below.get_node_option(key),
        }
    }

    fn get_value_option(
        &self,
        max_version: Version,
        key: KeyHash,
    ) -> anyhow::Result<Option<OwnedValue>> {
        self.below.get_value_option(max_version, key)
    }

    fn get_rightmost_leaf(&self) -> anyhow::Result<Option<(NodeKey, LeafNode)>> {
        self.below.get_rightmost_leaf()
    }
}
