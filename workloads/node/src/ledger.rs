//! The chain on disk, in LMDB: blocks, outputs, the key images of spent ones, and clusters.
//!
//! A block is added in one transaction of the database, or not at all. Which outputs are spent cannot
//! be known, since rings hide it: so outputs stay, and a final block loses the rings
//! and signatures of its transactions, which are not verified again.

mod apply;
mod cluster_value;
mod file;
mod lmdb;
mod options;
mod prune;
mod record;

use std::path::{Path, PathBuf};

use heed::types::Bytes;
use heed::{Database, Env, RoTxn, WithoutTls};

pub use self::options::Options;
use self::record::Tip;
pub use self::record::{Body, Stored};
use crate::chain::Chain;
use crate::transaction::Member;
use crate::{Error, Genesis, Hex, Result};

pub(crate) type Table = Database<Bytes, Bytes>;

/// Under this key lies the tip, and under the other the genesis.
const TIP: &[u8] = b"tip";
const GENESIS: &[u8] = b"genesis";

/// A chain on disk, opened by this process alone.
#[derive(Debug)]
pub struct Ledger {
    env: Env<WithoutTls>,
    tables: Tables,
    options: Options,
    tip: Tip,
    folder: PathBuf,
    _lock: file::Lock,
}

#[derive(Clone, Copy, Debug)]
struct Tables {
    /// By height.
    blocks: Table,
    /// By target key.
    outputs: Table,
    /// Key images, with the height at which they were spent.
    images: Table,
    /// Clusters, many to a record.
    clusters: Table,
    meta: Table,
}

impl Ledger {
    /// Opens the ledger in `folder`, or begins one there with the outputs of `genesis`.
    ///
    /// # Errors
    /// [`Error::Locked`] if it is open already, here or in another process; [`Error::OtherChain`] if it
    /// began otherwise; [`Error::MapFull`] if the genesis does not fit; [`Error::Ledger`] or
    /// [`Error::Io`] if the system refuses.
    pub fn open(folder: &Path, genesis: &Genesis, options: Options) -> Result<Self> {
        let lock = file::lock(folder)?;
        let env = lmdb::open(folder, &options)?;
        let [blocks, outputs, images, clusters, meta] = lmdb::tables(&env)?;
        let tables = Tables { blocks, outputs, images, clusters, meta };
        let tip = Tip::genesis(genesis.id());
        let folder = folder.to_owned();
        let mut ledger = Self { env, tables, options, tip, folder, _lock: lock };
        match ledger.read_genesis()? {
            None => ledger.begin(genesis)?,
            Some(found) if found == genesis.id() => {}
            Some(found) => {
                let (folder, expected) = (ledger.folder, genesis.id());
                return Err(Error::OtherChain { folder, found, expected });
            }
        }
        ledger.tip = ledger.read_tip()?;
        Ok(ledger)
    }

    /// The height and the hash of the last block.
    pub fn tip(&self) -> (u64, Hex) {
        (self.tip.height, self.tip.hash)
    }

    /// The block at a height, if there is one.
    ///
    /// # Errors
    /// [`Error::Ledger`] if it cannot be read, or [`Error::Encoding`] if it is not what was written.
    pub fn block(&self, height: u64) -> Result<Option<Stored>> {
        let reading = self.reading()?;
        let record = self.tables.blocks.get(&reading, &height.to_be_bytes());
        record.map_err(lmdb::failed("read a block"))?.map(record::block).transpose()
    }

    /// The coins that outputs of a cluster have received, minted ones and paid ones; not those that were
    /// paid to a key which had an output before.
    ///
    /// # Errors
    /// [`Error::Ledger`] if it cannot be read.
    pub fn cluster_value(&self, cluster: u64) -> Result<u64> {
        let reading = self.reading()?;
        cluster_value::read(self.tables.clusters, &reading, cluster)
            .map_err(lmdb::failed("read a cluster"))
    }

    /// How many records there are, and how many bytes they take.
    ///
    /// # Errors
    /// [`Error::Ledger`] if they cannot be counted.
    pub fn size(&self) -> Result<Size> {
        let reading = self.reading()?;
        let Tables { blocks, outputs, images, clusters, .. } = self.tables;
        let of = |table: Table| lmdb::size(table, &reading);
        Ok(Size {
            map_bytes: self.env.info().map_size,
            used_bytes: lmdb::used_bytes(&self.env),
            blocks: of(blocks)?,
            outputs: of(outputs)?,
            key_images: of(images)?,
            clusters: of(clusters)?,
        })
    }

    /// Waits until the disk has what was committed; only needed where commits do not.
    ///
    /// # Errors
    /// [`Error::Ledger`] if the system refuses.
    pub fn sync(&self) -> Result<()> {
        self.env.force_sync().map_err(lmdb::failed("write"))
    }

    /// Writes a compact copy to a new file: all that is in use, and nothing that is free.
    ///
    /// # Errors
    /// [`Error::Ledger`] if the system refuses.
    pub fn back_up(&self, to: &Path) -> Result<()> {
        let copy = self.env.copy_to_path(to, heed::CompactionOption::Enabled);
        copy.map(drop).map_err(lmdb::failed("copy"))
    }

    fn reading(&self) -> Result<RoTxn<'_, WithoutTls>> {
        self.env.read_txn().map_err(lmdb::failed("read"))
    }

    fn read_genesis(&self) -> Result<Option<Hex>> {
        let reading = self.reading()?;
        let id = self.tables.meta.get(&reading, GENESIS).map_err(lmdb::failed("read"))?;
        id.map(record::hash).transpose()
    }

    fn read_tip(&self) -> Result<Tip> {
        let reading = self.reading()?;
        let tip = self.tables.meta.get(&reading, TIP).map_err(lmdb::failed("read"))?;
        match tip {
            Some(tip) => Tip::decode(tip),
            None => Err(Error::Damaged {
                path: self.folder.join("data.mdb"),
                found: "it has a genesis and no tip".into(),
            }),
        }
    }
}

/// The size of a ledger.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Size {
    /// The map, in bytes of address space.
    pub map_bytes: usize,
    /// The pages in use, in bytes; some of them are free for the next block.
    pub used_bytes: usize,
    /// Blocks.
    pub blocks: TableSize,
    /// Outputs.
    pub outputs: TableSize,
    /// Key images.
    pub key_images: TableSize,
    /// Records of clusters.
    pub clusters: TableSize,
}

/// The size of a table.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct TableSize {
    /// Its records.
    pub records: usize,
    /// Its pages, in bytes.
    pub bytes: usize,
}

impl Chain for Ledger {
    fn height(&self) -> Result<u64> {
        Ok(self.tip.height)
    }

    fn is_spent(&self, key_image: &[u8; 32]) -> Result<bool> {
        let reading = self.reading()?;
        let spent = self.tables.images.get(&reading, key_image);
        Ok(spent.map_err(lmdb::failed("read a key image"))?.is_some())
    }

    fn has_output(&self, member: &Member) -> Result<bool> {
        let reading = self.reading()?;
        let output = self.tables.outputs.get(&reading, &member.target_key);
        let output = output.map_err(lmdb::failed("read an output"))?;
        Ok(output.is_some_and(|output| record::is_member(output, member)))
    }

    fn has_key(&self, target_key: &[u8; 32]) -> Result<bool> {
        let reading = self.reading()?;
        let output = self.tables.outputs.get(&reading, target_key);
        Ok(output.map_err(lmdb::failed("read an output"))?.is_some())
    }
}
