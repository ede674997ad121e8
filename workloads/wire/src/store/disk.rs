//! A store in LMDB that holds the last version of the tree, and nothing else.
//!
//! A node lies under its path in the tree, not under its version, so that a new version takes the
//! place of the one that it makes stale: stale nodes are pruned by being overwritten, neighbours in
//! the tree are neighbours in the file, and no list of stale nodes is kept.

mod file;
mod lmdb;
mod pages;
mod record;
mod snapshot;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use heed::types::Bytes;
use heed::{Database, Env, RwTxn, WithoutTls};
use jmt::storage::{NodeKey, TreeUpdateBatch};
use jmt::{RootHash, Version};

pub(crate) use self::snapshot::Snapshot;
use crate::{Error, Result};

type Table = Database<Bytes, Bytes>;

/// Under this name lies the last version, with its root.
const LAST: &[u8] = b"last";

/// How a store on disk is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How large the map may grow, in bytes; it starts at a sixteenth, and doubles when it is full.
    pub limit_bytes: usize,
    /// Whether each commit waits for the disk. Without, a commit survives the death of the process,
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
/// A store that was [closed](Disk::close) is compared with its seal when it is opened, which finds
/// any change. One that was abandoned, by a killed process or by being dropped, is read whole: every
/// page, as to whether LMDB can follow it, and every record, with its checksum. What neither finds is
/// a change while the store is open: the file is mapped, and one that is cut meanwhile kills the
/// process.
#[derive(Debug)]
pub struct Disk {
    env: Env<WithoutTls>,
    nodes: Table,
    values: Table,
    last: Table,
    limit_bytes: usize,
    folder: PathBuf,
    _lock: file::Lock,
}

impl Disk {
    /// Opens the store in `folder`, or makes one there.
    ///
    /// # Errors
    /// [`Error::Locked`] if it is open already, here or in another process; [`Error::Damaged`] if a
    /// store that was [closed](Disk::close) has changed since, or if a page or a record of one that
    /// was abandoned is not what was written; [`Error::Io`] or [`Error::Store`] if the system refuses.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        let lock = file::lock(folder)?;
        let sealed = file::check(folder)?;
        let first = (options.limit_bytes / 16).max(1 << 20).min(options.limit_bytes);
        let map_bytes = first.max(file::bytes(folder)).next_multiple_of(file::PAGE_BYTES);
        let env = lmdb::open(folder, map_bytes, options.durable)?;
        file::unseal(folder)?;
        let [nodes, values, last] = lmdb::tables(&env)?;
        let limit_bytes = options.limit_bytes;
        let folder = folder.to_owned();
        let disk = Self { env, nodes, values, last, limit_bytes, folder, _lock: lock };
        disk.check_root()?;
        if !sealed {
            disk.check_records()?;
        }
        Ok(disk)
    }

    /// Closes the store and seals its file with a hash, so that the next one who opens it finds out
    /// about any change in between.
    ///
    /// # Errors
    /// [`Error::Store`] or [`Error::Io`] if the file cannot be written or read.
    pub fn close(self) -> Result<()> {
        self.env.force_sync().map_err(lmdb::failed("write"))?;
        let Self { env, folder, _lock: lock, .. } = self;
        env.prepare_for_closing().wait();
        file::seal(&folder)?;
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

    #[inline(never)]
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

    /// Reads every record of an abandoned store, the way that it is listed and the way that it is
    /// found.
    fn check_records(&self) -> Result<()> {
        let reading = self.env.read_txn().map_err(lmdb::failed("read"))?;
        for table in [self.nodes, self.values] {
            let mut found = 0;
            for record in table.iter(&reading).map_err(lmdb::failed("read"))? {
                let (key, record) = record.map_err(lmdb::failed("read"))?;
                record::open(key, record, &self.folder)?;
                if table.get(&reading, key).map_err(lmdb::failed("read"))? != Some(record) {
                    return Err(self.damaged("a record is listed, and not found".into()));
                }
                found += 1;
            }
            let expected = table.len(&reading).map_err(lmdb::failed("read"))?;
            if found != expected {
                return Err(self.damaged(format!("there are {found} of {expected} records")));
            }
        }
        Ok(())
    }

    fn damaged(&self, found: String) -> Error {
        Error::Damaged { path: self.folder.join(file::DATA), found }
    }
}
