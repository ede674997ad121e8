//! Workload: many outputs are added to a ledger.

use std::sync::Arc;

use node::crypto::Verified;
use node::ledger::Options;
use node::transaction::{self, Member, Private};
use node::{Block, Chain as _, Genesis, Ledger, Transaction, random};
use rand_chacha::ChaCha20Rng;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

/// The outputs, and the ledger.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The number of outputs, a multiple of 16. Their keys are random bytes, which a ledger does not decode.
    pub(crate) outputs: u64,
    /// The clusters to which they count in turn.
    #[serde(default = "default_clusters")]
    pub(crate) clusters: u64,
    /// The map of the ledger, in bytes.
    #[serde(default = "default_map_bytes")]
    pub(crate) map_bytes: usize,
    /// Whether the work looks for each output at the end.
    #[serde(default)]
    pub(crate) read: bool,
    /// Whether a compact copy of the ledger is read into memory at the end.
    #[serde(default)]
    pub(crate) back_up: bool,
}

fn default_clusters() -> u64 {
    64
}

fn default_map_bytes() -> usize {
    1 << 30
}

/// The ledger at the end.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Outputs in the ledger that the genesis did not have.
    pub(crate) outputs: usize,
    /// Outputs that the work looked for and found.
    pub(crate) found: usize,
    /// Clusters that have received coins.
    pub(crate) clusters: u64,
    #[serde(skip)]
    _kept: (Ledger, TempDir, Vec<u8>),
}

/// The outputs of a transaction.
const OUTPUTS: u64 = 16;
/// The transactions of a block.
const TRANSACTIONS: u64 = 64;

/// Makes a temporary folder; the work opens a ledger there and adds the outputs, 1,024 a block.
///
/// # Errors
/// If there is no temporary folder.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let folder = tempfile::tempdir()?;
    let genesis = Genesis::new(7, 64);
    let Params { outputs, clusters, map_bytes, .. } = params;
    Ok(move || {
        let options = Options { map_bytes, durable: false, ..Options::default() };
        let mut ledger = Ledger::open(folder.path(), &genesis, options)?;
        for first in (0..outputs).step_by((OUTPUTS * TRANSACTIONS) as usize) {
            let (height, parent) = ledger.tip();
            let last = (first + OUTPUTS * TRANSACTIONS).min(outputs);
            let each = (first..last).step_by(OUTPUTS as usize);
            let transactions = each.map(|first| transaction(first, clusters)).collect();
            ledger.commit(&Block::new(height + 1, parent, height, transactions))?;
        }
        let found = match params.read {
            true => found(&ledger, params)?,
            false => 0,
        };
        let mut paid = 0;
        for cluster in 64..64 + clusters {
            paid += u64::from(ledger.cluster_value(cluster)? > 0);
        }
        let copy = folder.path().join("copy.mdb");
        let copied = match params.back_up {
            true => {
                ledger.back_up(&copy)?;
                std::fs::read(&copy)?
            }
            false => Vec::new(),
        };
        Ok(Output {
            outputs: ledger.size()?.outputs.records - genesis.outputs().len(),
            found,
            clusters: paid,
            _kept: (ledger, folder, copied),
        })
    })
}

fn found(ledger: &Ledger, params: Params) -> node::Result<usize> {
    let mut found = 0;
    for at in 0..params.outputs {
        let member = Member::of(&output(at, params.clusters));
        found += usize::from(ledger.has_output(&member)?);
    }
    Ok(found)
}

fn transaction(first: u64, clusters: u64) -> Verified {
    let outputs = (first..first + OUTPUTS).map(|at| output(at, clusters)).collect();
    let private = Private::new(1, Box::new([]), outputs);
    Verified::assume(Arc::new(Transaction::Private(private)))
}

/// Output `at`. The genesis uses the 64 clusters below.
fn output(at: u64, clusters: u64) -> transaction::Output {
    let mut source: ChaCha20Rng = random::source("output", 7, at);
    transaction::Output {
        amount: 1 + at,
        target_key: random::bytes(&mut source),
        public_key: random::bytes(&mut source),
        cluster: 64 + at % clusters,
        memo: None,
        ciphertext: None,
    }
}
