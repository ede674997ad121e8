//! Workload: a pool takes transactions, and blocks made of them are added to a ledger.

use node::crypto::Verified;
use node::ledger::Options;
use node::mempool::{Limits, Sharing};
use node::{Block, Chain as _, Ledger, Rules};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::incoming::{Incoming, Kind};
use crate::pool::Pool;

/// The transactions, and the options of the ledger.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The number of blocks.
    pub(crate) blocks: usize,
    /// The transactions of each block.
    pub(crate) each: usize,
    /// The transactions that are read before the work, if more than it takes. The number is the same at every size,
    /// so that the memory of the preparation does not look like growth.
    #[serde(default)]
    pub(crate) read: usize,
    /// Whether the signatures are verified.
    #[serde(default)]
    pub(crate) verify: bool,
    /// Blocks below this many others lose their rings and signatures.
    #[serde(default)]
    pub(crate) finality_depth: Option<u64>,
    /// Whether a compact copy of the ledger is read into memory at the end.
    #[serde(default)]
    pub(crate) back_up: bool,
}

/// The ledger and the pool at the end.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The height of the ledger.
    pub(crate) height: u64,
    /// Transactions in its blocks.
    pub(crate) transactions: u64,
    /// Key images in the ledger.
    pub(crate) spent: usize,
    /// Outputs in the ledger that the genesis did not have.
    pub(crate) outputs: usize,
    /// Transactions whose outputs the ledger would let be spent again.
    pub(crate) spendable_again: usize,
    /// Transactions that are left in the pool.
    pub(crate) left: usize,
    /// Key images that are left in the pool.
    pub(crate) key_images: usize,
    #[serde(skip)]
    _kept: (Ledger, TempDir, Vec<u8>),
}

/// Opens a ledger; the work lets transactions into a pool, makes blocks of them and adds the blocks.
///
/// # Errors
/// If the fixture cannot be made, or there is no temporary folder.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let incoming = Incoming::open(Kind::Private, params.read.max(params.blocks * params.each))?;
    let folder = tempfile::tempdir()?;
    let finality_depth = params.finality_depth;
    let options = Options { finality_depth, durable: false, ..Options::default() };
    let mut ledger = Ledger::open(folder.path(), &incoming.genesis, options)?;
    let rules = Rules::default();
    let limits = Limits { transactions: params.each, bytes: usize::MAX };
    Ok(move || {
        let mut pool = Pool::default().open();
        for block in 0..params.blocks {
            for at in block * params.each..(block + 1) * params.each {
                let mut transaction = incoming.decode(at)?;
                if params.verify {
                    transaction = Verified::check(transaction.transaction().clone(), &rules)?;
                }
                pool.admit(transaction, &ledger, 0)?;
            }
            let (height, parent) = ledger.tip();
            let template = pool.template(height + 1, &parent, limits, Sharing::Shared);
            let block = Block::new(height + 1, parent, height, template);
            ledger.commit(&block)?;
            pool.confirm(height + 1, block.transactions());
        }
        let mut spendable_again = 0;
        for at in 0..params.blocks * params.each {
            for input in incoming.decode(at)?.inputs() {
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
        Ok(Output {
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
