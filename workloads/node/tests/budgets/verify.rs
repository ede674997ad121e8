//! Workload: signatures are verified.

use std::io;
use std::sync::Arc;

use anyhow::Result;
use node::crypto::{ParameterSet, Signed, verify_all, verify_parallel, verify_ring};
use node::{Rules, Transaction};
use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};
use serde::{Deserialize, Serialize};

use crate::fixture::{Fixture, Spec};

/// The signatures to verify.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// The ring signature of a transaction of one input.
    Ring,
    /// Whole transactions, one after the other.
    Transactions,
    /// Whole transactions, on the threads of a pool.
    Parallel,
    /// ML-DSA-44.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

/// The signatures to verify, and the threads.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Their kind.
    pub(crate) what: What,
    /// The number of signatures or transactions.
    #[serde(default = "single")]
    pub(crate) count: usize,
    /// The members of each ring.
    #[serde(default = "default_ring")]
    pub(crate) ring: u8,
    /// The threads of the pool.
    #[serde(default = "single")]
    pub(crate) threads: usize,
}

fn single() -> usize {
    1
}

fn default_ring() -> u8 {
    20
}

/// The verified signatures.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The number of signatures or transactions that were verified.
    pub(crate) verified: u64,
    #[serde(skip)]
    _kept: Work,
}

/// Signs, and verifies once, so that tables which are made once exist; the work verifies. `spawn` starts the
/// threads of a pool.
///
/// # Errors
/// If the fixture cannot be made, or the threads do not start.
pub(crate) fn prepare_with(
    params: Params,
    spawn: impl FnMut(ThreadBuilder) -> io::Result<()>,
) -> Result<impl FnOnce() -> Result<Output>> {
    let pool = match params.what {
        What::Parallel => {
            let pool = ThreadPoolBuilder::new().num_threads(params.threads);
            Some(pool.spawn_handler(spawn).build()?)
        }
        _ => None,
    };
    let work = Work::new(params, pool)?;
    work.run()?;
    Ok(move || {
        work.run()?;
        Ok(Output { verified: params.count as u64, _kept: work })
    })
}

#[derive(Debug)]
struct Work {
    params: Params,
    rules: Rules,
    transactions: Vec<Arc<Transaction>>,
    signed: Vec<Signed>,
    pool: Option<ThreadPool>,
}

impl Work {
    fn new(params: Params, pool: Option<ThreadPool>) -> Result<Self> {
        let Params { what, count, ring, .. } = params;
        let rules = Rules { ring, ..Rules::default() };
        let spec = Spec { count: 10.max(count as u32), ring, ..Spec::default() };
        let (mut transactions, mut signed) = (Vec::new(), Vec::new());
        match what.parameters() {
            Some(set) => {
                for at in 0..count as u64 {
                    signed.push(Signed::new(set, at, b"a message of a block's header")?);
                }
            }
            None => {
                for one in Fixture::open(spec)?.transactions()?.take(count) {
                    transactions.push(Arc::new(one?));
                }
            }
        }
        Ok(Self { params, rules, transactions, signed, pool })
    }

    fn run(&self) -> node::Result<()> {
        match self.params.what {
            What::Ring => self.transactions.iter().try_for_each(|one| match &**one {
                Transaction::Private(private) => verify_ring(private, 0),
                Transaction::Minting(_) => Ok(()),
            }),
            What::Transactions => verify_all(&self.transactions, &self.rules),
            What::Parallel => {
                let verify = || verify_parallel(&self.transactions, &self.rules);
                self.pool.as_ref().map_or_else(verify, |pool| pool.install(verify))
            }
            _ => self.signed.iter().try_for_each(Signed::verify),
        }
    }
}

impl What {
    fn parameters(self) -> Option<ParameterSet> {
        match self {
            Self::MlDsa44 => Some(ParameterSet::MlDsa44),
            Self::MlDsa65 => Some(ParameterSet::MlDsa65),
            Self::MlDsa87 => Some(ParameterSet::MlDsa87),
            Self::Ring | Self::Transactions | Self::Parallel => None,
        }
    }
}
