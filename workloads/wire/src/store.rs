//! The stores of the tree's nodes and values: in memory, every version; on disk, the last.

mod disk;

use jmt::mock::MockTreeStore;
use jmt::storage::{LeafNode, Node, NodeKey, TreeReader, TreeUpdateBatch};
use jmt::{KeyHash, OwnedValue, RootHash, Version};

use self::disk::Snapshot;
pub use self::disk::{Disk, Options};
use crate::{Error, Result};

/// A store for one tree.
#[derive(Debug)]
pub enum Store {
    /// Every version of every node and value, in hash tables.
    Memory(Memory),
    /// The last version, in LMDB.
    Disk(Disk),
}

/// The tree library's own store in memory.
#[derive(Default)]
pub struct Memory(MockTreeStore);

impl std::fmt::Debug for Memory {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "Memory({} nodes)", self.0.num_nodes())
    }
}

/// A view of a store that no commit changes.
pub(crate) enum Reader<'a> {
    Memory(&'a MockTreeStore),
    Disk(Snapshot<'a>),
}

impl Store {
    /// An empty store in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Memory::default())
    }

    /// The last version committed and its root; `None` in an empty store, and in memory, where each
    /// store is new.
    pub(crate) fn last(&self) -> Result<Option<(Version, RootHash)>> {
        match self {
            Self::Memory(_) => Ok(None),
            Self::Disk(disk) => disk.last(),
        }
    }

    pub(crate) fn reader(&self) -> Result<Reader<'_>> {
        match self {
            Self::Memory(Memory(mock)) => Ok(Reader::Memory(mock)),
            Self::Disk(disk) => disk.snapshot().map(Reader::Disk),
        }
    }

    /// Writes a version: all of it, or nothing.
    pub(crate) fn commit(
        &mut self,
        version: Version,
        root: RootHash,
        batch: TreeUpdateBatch,
    ) -> Result<()> {
        match self {
            Self::Memory(memory) => memory.tree_store_write(version, batch),
            Self::Disk(disk) => disk.commit(version, root, &batch),
        }
    }

    /// The number of nodes, of all versions that are kept.
    ///
    /// # Errors
    /// [`Error::Store`] if the database cannot be read.
    pub fn nodes(&self) -> Result<u64> {
        match self {
            Self::Memory(Memory(mock)) => Ok(mock.num_nodes() as u64),
            Self::Disk(disk) => disk.nodes(),
        }
    }
}

impl Memory {
    // Not inlined, so that allocation profiles name it.
    #[inline(never)]
    fn tree_store_write(&self, version: Version, batch: TreeUpdateBatch) -> Result<()> {
        self.0.write_tree_update_batch(batch).map_err(Error::tree(version))
    }
}

impl TreeReader for Reader<'_> {
    fn get_node_option(&self, key: &NodeKey) -> anyhow::Result<Option<Node>> {
        match self {
            Self::Memory(mock) => mock.get_node_option(key),
            Self::Disk(snapshot) => Ok(snapshot.node(key)?),
        }
    }

    fn get_value_option(
        &self,
        max_version: Version,
        key: KeyHash,
    ) -> anyhow::Result<Option<OwnedValue>> {
        match self {
            Self::Memory(mock) => mock.get_value_option(max_version, key),
            Self::Disk(snapshot) => Ok(snapshot.value(max_version, key)?),
        }
    }

    fn get_rightmost_leaf(&self) -> anyhow::Result<Option<(NodeKey, LeafNode)>> {
        anyhow::bail!("the rightmost leaf serves to restore trees, which this store does not do")
    }
}
