//! Workload: very many outputs are added to a ledger.

use std::sync::Arc;

use rand_chacha::ChaCha20Rng;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::crypto::Verified;
use crate::ledger::Options;
use crate::transaction::{Member, Output, Private};
use crate::{Block, Chain as _, Genesis, Ledger, Transaction, random};

/// How many, and into what.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Outputs: a multiple of 16. Their keys are random bytes, since a ledger does not look at them.
    pub outputs: u64,
    /// Clusters that they count towards, in turn.
    #[serde(default = "few")]
    pub clusters: u64,
    /// The map of the ledger.
    #[serde(default = "gibibyte")]
    pub map_bytes: usize,
    /// Whether each output is looked for at the end.
    #[serde(default)]
    pub read: bool,
    /// Whether a compact copy of the ledger is read into memory at the end.
    #[serde(default)]
    pub back_up: bool,
}

fn few() -> u64 {
    64
}

fn gibibyte() -> usize {
    1 << 30
}

/// What was added.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Outputs in the ledger that the genesis did not have.
    pub outputs: usize,
    /// Of them, those that were looked for and found.
    pub found: usize,
    /// Clusters that have received what they were paid.
    pub clusters: u64,
    #[serde(skip)]
    _kept: (Ledger, TempDir, Vec<u8>),
}

/// Outputs of a transaction, and transactions of a block.
const OUTPUTS: u64 = 16;
const TRANSACTIONS: u64 = 64;

/// Makes a temporary folder; the work opens a ledger there and adds the outputs, 1,024 a block.
///
/// # Errors
/// If there is no temporary folder.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
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
        Ok(Answer {
            outputs: ledger.size()?.outputs.records - genesis.outputs().len(),
            found,
            clusters: paid,
            _kept: (ledger, folder, copied),
        })
    })
}

fn found(ledger: &Ledger, params: Params) -> crate::Result<usize> {
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
    Verified::of_fixture(Arc::new(Transaction::Private(private)))
}

/// The clusters of the genesis are others.
fn output(at: u64, clusters: u64) -> Output {
    let mut source: ChaCha20Rng = random::source("output", 7, at);
    Output {
        amount: 1 + at,
        target_key: random::bytes(&mut source),
        public_key: random::bytes(&mut source),
        cluster: 64 + at % clusters,
        memo: None,
        ciphertext: None,
    }
}
