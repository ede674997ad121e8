//! Workload: blocks are made of transactions that come, and added to a ledger.

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::{Incoming, Kind, Pool};
use crate::crypto::Verified;
use crate::ledger::Options;
use crate::mempool::{Limits, Sharing};
use crate::{Block, Chain as _, Ledger, Mempool, Rules};

/// What comes, and what the ledger keeps of it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Blocks.
    pub blocks: usize,
    /// Transactions of each.
    pub each: usize,
    /// How many transactions are read before the work, if more than it takes: the same at every size, so that
    /// what the preparation holds does not look like a growth.
    #[serde(default)]
    pub read: usize,
    /// Whether the signatures are verified.
    #[serde(default)]
    pub verify: bool,
    /// Blocks below so many others lose their rings and signatures.
    #[serde(default)]
    pub finality_depth: Option<u64>,
    /// Whether a compact copy of the ledger is read into memory at the end.
    #[serde(default)]
    pub back_up: bool,
}

/// What was added.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Blocks.
    pub height: u64,
    /// Transactions in them.
    pub transactions: u64,
    /// Key images in the ledger.
    pub spent: usize,
    /// Outputs in the ledger that the genesis did not have.
    pub outputs: usize,
    /// Transactions that the ledger would let be spent again.
    pub spendable_again: usize,
    /// Transactions that are left in the pool.
    pub left: usize,
    /// Key images that are left in the pool.
    pub key_images: usize,
    #[serde(skip)]
    _kept: (Ledger, TempDir, Vec<u8>),
}

/// Opens a ledger; the work lets transactions in, makes blocks of them and adds these.
///
/// # Errors
/// If the fixture cannot be made, or there is no temporary folder.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let incoming = Incoming::open(Kind::Private, params.read.max(params.blocks * params.each))?;
    let folder = tempfile::tempdir()?;
    let finality_depth = params.finality_depth;
    let options = Options { finality_depth, durable: false, ..Options::default() };
    let mut ledger = Ledger::open(folder.path(), &incoming.genesis, options)?;
    let rules = Rules::default();
    let limits = Limits { transactions: params.each, bytes: usize::MAX };
    Ok(move || {
        let mut pool = Mempool::new(Pool::default().options());
        for block in 0..params.blocks {
            for at in block * params.each..(block + 1) * params.each {
                let mut one = incoming.one(at)?;
                if params.verify {
                    one = Verified::check(one.transaction().clone(), &rules)?;
                }
                pool.admit(one, &ledger, 0)?;
            }
            let (height, parent) = ledger.tip();
            let template = pool.template(height + 1, &parent, limits, Sharing::Shared);
            let block = Block::new(height + 1, parent, height, template);
            ledger.commit(&block)?;
            pool.confirm(height + 1, block.transactions());
        }
        let mut spendable_again = 0;
        for at in 0..params.blocks * params.each {
            for input in incoming.one(at)?.inputs() {
                spendable_again += usize::from(!ledger.is_spent(input.key_image())?);
            }
        }
        let size = ledger.size()?;
        let copy = folder.path().join("copy.mdb");
        let copied = match params.back_up {
            true => {
                ledger.back_up(&copy)?;
                std::fs::read(&copy)?
            }
            false => Vec::new(),
        };
        Ok(Answer {
            height: ledger.tip().0,
            transactions: (params.blocks * params.each) as u64,
            spent: size.key_images.records,
            outputs: size.outputs.records - incoming.genesis.outputs().len(),
            spendable_again,
            left: pool.len(),
            key_images: pool.key_images(),
            _kept: (ledger, folder, copied),
        })
    })
}
