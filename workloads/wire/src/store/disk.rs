//! A store in LMDB, of the last version of the tree only.
//!
//! The key of a node is its path in the tree, without its version. So a new version overwrites the
//! one that it makes stale, neighbours in the tree are neighbours in the file, and no list of stale
//! nodes is kept.

mod lmdb;
mod lock;
mod record;
mod recovery;
mod seal;
mod snapshot;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use heed::types::Bytes;
use heed::{Database, Env, RwTxn, WithoutTls};
use jmt::storage::{NodeKey, TreeUpdateBatch};
use jmt::{RootHash, Version};

use self::lock::Lock;
use self::seal::State;
pub(crate) use self::snapshot::Snapshot;
use crate::{Error, Result};

type Table = Database<Bytes, Bytes>;

/// The key of the last version with its root.
const LAST: &[u8] = b"last";

/// How a store on disk is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How large the map may grow, in bytes; it starts at a sixteenth, and doubles when it is full.
    pub limit_bytes: usize,
    /// Whether each commit waits for the disk. If not, a commit survives the death of the process,
    /// but a loss of power may damage the file.
    pub durable: bool,
}

impl Default for Options {
    /// 16 GiB, durable.
    fn default() -> Self {
        Self { limit_bytes: 16 << 30, durable: true }
    }
}

/// A tree on disk, opened by this process alone.
///
/// [`Disk::close`] writes a seal beside the file: its hash. [`Disk::open`] opens a store that is
/// new, or whose file fits its seal. It opens no other: LMDB maps the file and follows the pointers
/// in it, and those of a damaged file would kill the process. A process that is killed, or that
/// drops its `Disk`, leaves no seal; [`Disk::recover`] checks such a store, in a process of its
/// own, and seals it. A change while the store is open is not found, and a file that is cut
/// meanwhile kills the process.
#[derive(Debug)]
pub struct Disk {
    env: Env<WithoutTls>,
    nodes: Table,
    values: Table,
    last: Table,
    limit_bytes: usize,
    folder: PathBuf,
    lock: Lock,
}

impl Disk {
    /// Opens the store in `folder`, or makes one there.
    ///
    /// # Errors
    /// [`Error::Locked`] if it is open already, here or in another process; [`Error::Unsealed`] if
    /// it was not [closed](Disk::close); [`Error::Damaged`] if it has changed since it was;
    /// [`Error::Io`] or [`Error::Store`] if the system refuses.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        let lock = Lock::take(folder)?;
        if seal::check(folder)? == State::Unsealed {
            return Err(Error::Unsealed { folder: folder.to_owned() });
        }
        let Options { limit_bytes, durable } = options;
        let first_bytes = (limit_bytes / 16).max(1 << 20).min(limit_bytes);
        let env = lmdb::open(folder, first_bytes, durable)?;
        seal::remove(folder)?;
        let [nodes, values, last] = lmdb::tables(&env)?;
        let folder = folder.to_owned();
        let disk = Self { env, nodes, values, last, limit_bytes, folder, lock };
        disk.check_root()?;
        Ok(disk)
    }

    /// Closes the store and seals its file with a hash, by which the next [`Disk::open`] finds any
    /// change.
    ///
    /// # Errors
    /// [`Error::Store`] or [`Error::Io`] if the file cannot be written or read.
    pub fn close(self) -> Result<()> {
        self.env.force_sync().map_err(lmdb::failed("write"))?;
        let Self { env, folder, lock, .. } = self;
        env.prepare_for_closing().wait();
        seal::write(&folder)?;
        drop(lock);
        Ok(())
    }

    pub(crate) fn last(&self) -> Result<Option<(Version, RootHash)>> {
        let reading = self.env.read_txn().map_err(lmdb::failed("read"))?;
        let record = self.last.get(&reading, LAST).map_err(lmdb::failed("read"))?;
        record.map(|record| record::last(record, &self.folder)).transpose()
    }

    pub(crate) fn snapshot(&self) -> Result<Snapshot<'_>> {
        let reading = self.env.read_txn().map_err(lmdb::failed("read"))?;
        Ok(Snapshot { disk: self, reading })
    }

    pub(crate) fn nodes(&self) -> Result<u64> {
        let reading = self.env.read_txn().map_err(lmdb::failed("read"))?;
        self.nodes.len(&reading).map_err(lmdb::failed("count its nodes"))
    }

    pub(crate) fn commit(
        &mut self,
        version: Version,
        root: RootHash,
        batch: &TreeUpdateBatch,
    ) -> Result<()> {
        loop {
            match self.tree_store_write(version, root, batch) {
                Err(error) if lmdb::full(&error) => self.grow()?,
                result => return result.map_err(lmdb::failed("write")),
            }
        }
    }

    fn tree_store_write(
        &self,
        version: Version,
        root: RootHash,
        batch: &TreeUpdateBatch,
    ) -> heed::Result<()> {
        let mut writing = self.env.write_txn()?;
        let mut record = Vec::new();
        self.prune(&mut writing, batch)?;
        for (key, node) in batch.node_batch.nodes() {
            let path = record::path(key);
            record::put_node(&mut record, &path, key.version(), node)?;
            self.nodes.put(&mut writing, &path, &record)?;
        }
        for ((version, key), value) in batch.node_batch.values() {
            match value {
                Some(value) => {
                    record::put_value(&mut record, &key.0, *version, value);
                    self.values.put(&mut writing, &key.0, &record)?;
                }
                None => drop(self.values.delete(&mut writing, &key.0)?),
            }
        }
        record::put_last(&mut record, version, root);
        self.last.put(&mut writing, LAST, &record)?;
        writing.commit()
    }

    /// Deletes stale nodes whose place no new node takes.
    fn prune(&self, writing: &mut RwTxn<'_>, batch: &TreeUpdateBatch) -> heed::Result<()> {
        let taken: BTreeSet<_> =
            batch.node_batch.nodes().keys().map(NodeKey::nibble_path).collect();
        for stale in &batch.stale_node_index_batch {
            if !taken.contains(stale.node_key.nibble_path()) {
                self.nodes.delete(writing, &record::path(&stale.node_key))?;
            }
        }
        Ok(())
    }

    fn grow(&mut self) -> Result<()> {
        let now = self.env.info().map_size;
        if now >= self.limit_bytes {
            return Err(Error::Full { limit: self.limit_bytes });
        }
        lmdb::resize(&mut self.env, (now * 2).min(self.limit_bytes))
    }

    fn check_root(&self) -> Result<()> {
        let Some((version, root)) = self.last()? else { return Ok(()) };
        match self.snapshot()?.root(version)? {
            Some(found) if found == root => Ok(()),
            found => Err(self.damaged(format!("its root is {found:?}, and should be {root:?}"))),
        }
    }

    fn damaged(&self, found: String) -> Error {
        Error::Damaged { path: self.folder.join(seal::DATA), found }
    }
}
