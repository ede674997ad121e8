//! What `docs/node.md` promises, as workloads: each module's `prepare` returns the work as a closure.

mod client;
pub mod commit;
pub mod configure;
pub mod fill;
pub mod images;
pub mod leave;
pub mod lookups;
pub mod outputs;
pub mod peers;
pub mod rpc;
pub mod signature;
pub mod size;
pub mod template;
pub mod verify;
pub mod whole;

use std::sync::Arc;

use serde::Deserialize;

use crate::crypto::Verified;
use crate::fixture::Spec;
use crate::mempool::{ImageIndex, Options};
use crate::net::crowd::{Crowd, Order, Report};
use crate::{Fixture, Genesis, Result, Transaction};

/// What kind of transactions.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One input among 20, two outputs.
    #[default]
    Private,
    /// The same, with memos.
    Memo,
    /// The same, with memos and ML-KEM ciphertexts.
    Quantum,
    /// Two inputs.
    TwoInputs,
    /// Sixteen inputs.
    SixteenInputs,
    /// No input, one output, and work.
    Minting,
}

/// So many private transactions are signed once, and every case takes the first of them.
const COMMON: u32 = 1000;
/// And so many, for the cases that need more: a minute and a half of processor time.
const FULL: u32 = 15_001;

impl Kind {
    /// A fixture of at least so many.
    fn spec(self, transactions: usize) -> Spec {
        let plain = Spec { count: 250.max(transactions as u32), ..Spec::default() };
        match self {
            Self::Private if transactions > COMMON as usize => Spec { count: FULL, ..plain },
            Self::Private => Spec { count: COMMON, ..plain },
            Self::Memo => Spec { memo: true, ..plain },
            Self::Quantum => Spec { memo: true, quantum: true, ..plain },
            Self::TwoInputs => Spec { inputs: 2, ..plain },
            Self::SixteenInputs => Spec { count: 48, inputs: 16, ..plain },
            Self::Minting => Spec { inputs: 0, ..plain },
        }
    }
}

/// Transactions as they come from a peer, and the chain on which they are valid.
struct Incoming {
    genesis: Genesis,
    encoded: Vec<Vec<u8>>,
}

impl Incoming {
    fn open(kind: Kind, transactions: usize) -> anyhow::Result<Self> {
        let spec = kind.spec(transactions);
        let read = Fixture::open(spec)?.transactions()?.take(transactions);
        let encoded: Vec<_> = read.map(|one| Ok(one?.encode())).collect::<Result<_>>()?;
        anyhow::ensure!(
            encoded.len() == transactions,
            "{transactions} transactions; a fixture of this kind has {}",
            encoded.len()
        );
        Ok(Self { genesis: spec.genesis(), encoded })
    }

    /// Decodes one, in memory of its own.
    fn one(&self, at: usize) -> Result<Verified> {
        Ok(Verified::of_fixture(Arc::new(Transaction::decode(&self.encoded[at])?)))
    }

    fn all(&self) -> impl Iterator<Item = Result<Verified>> + '_ {
        (0..self.encoded.len()).map(|at| self.one(at))
    }
}

/// How a pool is set up, with everything else at its default.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pool {
    /// The most transactions.
    pub capacity: usize,
    /// How key images are indexed.
    pub images: ImageIndex,
    /// Bits of a Bloom filter for each of them.
    pub filter_bits: u8,
    /// Whether signatures are kept expanded.
    pub expand: bool,
}

impl Default for Pool {
    fn default() -> Self {
        let Options { capacity, images, filter_bits, expand, .. } = Options::default();
        Self { capacity, images, filter_bits, expand }
    }
}

impl Pool {
    fn options(self) -> Options {
        let Self { capacity, images, filter_bits, expand } = self;
        Options { capacity, images, filter_bits, expand, ..Options::default() }
    }
}

/// Two threads, whatever the machine has.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

/// Gives an order from within the runtime.
fn order(crowd: &mut Crowd, what: &Order) -> Result<Report> {
    tokio::task::block_in_place(|| crowd.order(what))
}
