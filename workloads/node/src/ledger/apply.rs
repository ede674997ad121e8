//! Adding to the chain: the genesis once, and then block after block.

use std::collections::BTreeMap;

use heed::{PutFlags, RwTxn};

use super::record::{self, Tip};
use super::{GENESIS, Ledger, TIP, cluster_value, lmdb};
use crate::transaction::{Member, Output};
use crate::{Block, Error, Genesis, Hex, Result};

/// A transaction of the database that must not be tried again as it is.
enum Refused {
    Block(Error),
    Database(heed::Error),
}

impl From<heed::Error> for Refused {
    fn from(error: heed::Error) -> Self {
        Self::Database(error)
    }
}

impl Ledger {
    /// Adds a block. When this returns, it is there, whatever happens to the process; if it fails,
    /// nothing of it is.
    ///
    /// # Errors
    /// [`Error::Discontinuous`] if it does not continue the chain; [`Error::Size`] if it has too many
    /// transactions or bytes; [`Error::Invalid`] if it mints more than once, or for another place in the
    /// chain; [`Error::Spent`] if it spends what is spent; [`Error::MapFull`] if it does not fit; [`Error::Ledger`] if the system refuses.
    pub fn commit(&mut self, block: &Block) -> Result<()> {
        let _span = tracing::info_span!("commit").entered();
        self.check_next(block)?;
        let tip = self.grown(|ledger| ledger.write(block))?;
        self.tip = tip;
        Ok(())
    }

    pub(super) fn begin(&mut self, genesis: &Genesis) -> Result<()> {
        self.tip = self.grown(|ledger| ledger.write_genesis(genesis))?;
        Ok(())
    }

    fn check_next(&self, block: &Block) -> Result<()> {
        let header = block.header();
        let height = (header.height.to_string(), (self.tip.height + 1).to_string());
        let parent = (header.parent.to_string(), self.tip.hash.to_string());
        for (what, (read, expected)) in [("height", height), ("parent", parent)] {
            if read != expected {
                return Err(Error::Discontinuous { what, read, expected });
            }
        }
        block.check()
    }

    /// Writes, and doubles the map as often as is needed and allowed.
    fn grown(&mut self, write: impl Fn(&Self) -> Result<Tip, Refused>) -> Result<Tip> {
        loop {
            match write(self) {
                Ok(tip) => return Ok(tip),
                Err(Refused::Block(error)) => return Err(error),
                Err(Refused::Database(error)) if lmdb::full(&error) => self.grow()?,
                Err(Refused::Database(error)) => return Err(lmdb::failed("write")(error)),
            }
        }
    }

    fn grow(&mut self) -> Result<()> {
        let now = self.env.info().map_size;
        let most = self.options.grow_to_bytes / lmdb::PAGE_BYTES * lmdb::PAGE_BYTES;
        match now < most {
            true => lmdb::resize(&mut self.env, (2 * now).min(most)),
            false => Err(Error::MapFull { limit: now }),
        }
    }

    fn write_genesis(&self, genesis: &Genesis) -> Result<Tip, Refused> {
        let mut writing = self.env.write_txn()?;
        let outputs = genesis.outputs().iter().zip(genesis.members().iter().copied());
        self.write_outputs(&mut writing, outputs, 0)?;
        let tip = Tip::genesis(genesis.id());
        self.tables.meta.put(&mut writing, GENESIS, &genesis.id().0)?;
        self.tables.meta.put(&mut writing, TIP, &tip.encode())?;
        writing.commit()?;
        Ok(tip)
    }

    fn write(&self, block: &Block) -> Result<Tip, Refused> {
        let height = block.header().height;
        let mut writing = self.env.write_txn()?;
        for transaction in block.transactions() {
            for input in transaction.inputs() {
                self.spend(&mut writing, input.key_image(), height)?;
            }
        }
        let outputs = block.transactions().iter().flat_map(|transaction| transaction.outputs());
        self.write_outputs(
            &mut writing,
            outputs.map(|output| (output, Member::of(output))),
            height,
        )?;
        let record = record::whole(block);
        self.tables.blocks.put(&mut writing, &height.to_be_bytes(), &record)?;
        let mut tip = Tip { height, hash: block.header().hash(), ..self.tip };
        tip.pruned = self.prune(&mut writing, &tip)?;
        self.tables.meta.put(&mut writing, TIP, &tip.encode())?;
        let _span = tracing::info_span!("sync").entered();
        writing.commit()?;
        Ok(tip)
    }

    fn spend(&self, writing: &mut RwTxn<'_>, image: &[u8; 32], height: u64) -> Result<(), Refused> {
        let images = self.tables.images;
        let flags = PutFlags::NO_OVERWRITE;
        match images.put_with_flags(writing, flags, image, &height.to_le_bytes()) {
            Err(heed::Error::Mdb(heed::MdbError::KeyExist)) => {
                Err(Refused::Block(Error::Spent { image: Hex(*image) }))
            }
            put => Ok(put?),
        }
    }

    /// The first output of a key stays: another one would take its place in the rings that have it, and
    /// its owner could not spend it any more. It is no error either, since two transactions in a pool may pay to
    /// the same key, and neither knows of the other.
    fn write_outputs<'a>(
        &self,
        writing: &mut RwTxn<'_>,
        outputs: impl Iterator<Item = (&'a Output, Member)>,
        height: u64,
    ) -> heed::Result<()> {
        let mut received = BTreeMap::<u64, u64>::new();
        for (output, member) in outputs {
            let record = record::output(output, &member, height);
            let flags = PutFlags::NO_OVERWRITE;
            match self.tables.outputs.put_with_flags(writing, flags, &output.target_key, &record) {
                Err(heed::Error::Mdb(heed::MdbError::KeyExist)) => continue,
                put => put?,
            }
            let coins = received.entry(output.cluster).or_default();
            *coins = coins.saturating_add(output.amount);
        }
        let received: Vec<_> = received.into_iter().collect();
        cluster_value::add(self.tables.clusters, writing, &received)
    }
}
