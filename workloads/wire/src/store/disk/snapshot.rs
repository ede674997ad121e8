//! The store as it was at the last commit before now.

use heed::{RoTxn, WithoutTls};
use jmt::storage::{NibblePath, Node, NodeKey};
use jmt::{KeyHash, OwnedValue, RootHash, Version};

use super::{Disk, lmdb, record};
use crate::hasher::Sha256;
use crate::{Error, Result};

/// Reads one version.
pub(crate) struct Snapshot<'a> {
    pub(super) disk: &'a Disk,
    pub(super) reading: RoTxn<'a, WithoutTls>,
}

impl Snapshot<'_> {
    /// The node of that version; `None` for an older version, which is pruned.
    pub(crate) fn node(&self, key: &NodeKey) -> Result<Option<Node>> {
        let path = record::path(key);
        let record = self.disk.nodes.get(&self.reading, &path).map_err(lmdb::failed("read"))?;
        let Some(record) = record else { return Ok(None) };
        let (version, payload) = record::open(&path, record, &self.disk.folder)?;
        if version != key.version() {
            return Ok(None);
        }
        record::node(payload, &self.disk.folder).map(Some)
    }

    /// The value, if it is not of a later version.
    pub(crate) fn value(&self, max_version: Version, key: KeyHash) -> Result<Option<OwnedValue>> {
        let record = self.disk.values.get(&self.reading, &key.0).map_err(lmdb::failed("read"))?;
        let Some(record) = record else { return Ok(None) };
        match record::open(&key.0, record, &self.disk.folder)? {
            (version, _) if version > max_version => Err(Error::Tree {
                version: max_version,
                source: anyhow::anyhow!("only the value of version {version} is kept"),
            }),
            (_, value) => Ok(Some(value.to_vec())),
        }
    }

    /// The hash of that version's root node.
    pub(super) fn root(&self, version: Version) -> Result<Option<RootHash>> {
        let none: [u8; 0] = [];
        let path: NibblePath = none.iter().map(|&nibble: &u8| nibble.into()).collect();
        let node = self.node(&NodeKey::new(version, path))?;
        Ok(node.map(|node| match node {
            Node::Internal(node) => RootHash(node.hash::<Sha256>()),
            Node::Leaf(node) => RootHash(node.hash::<Sha256>()),
            Node::Null => RootHash(crate::shared::EMPTY),
        }))
    }
}
