//! Workload: a block's transactions are chosen from a full pool.

use node::Mempool;
use node::crypto::Verified;
use node::mempool::{Limits, Sharing};
use serde::{Deserialize, Serialize};

use crate::incoming::{Incoming, Kind};
use crate::pool::Pool;

/// The pool, and the way to choose.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The transactions in the pool, all of which are chosen.
    pub(crate) transactions: usize,
    /// Whether the template shares them with the pool or copies them.
    pub(crate) sharing: Sharing,
}

/// The template.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The number of transactions.
    pub(crate) transactions: usize,
    /// The sum of their fees.
    pub(crate) fees: u64,
    #[serde(skip)]
    _kept: (Mempool, Vec<Verified>),
}

/// Fills a pool; the work makes the template.
///
/// # Errors
/// If the fixture cannot be made.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let incoming = Incoming::open(Kind::Private, params.transactions)?;
    let mut pool = Pool::default().open();
    for transaction in incoming.all() {
        pool.admit(transaction?, &incoming.genesis, 0)?;
    }
    let limits = Limits { transactions: params.transactions, bytes: usize::MAX };
    let parent = incoming.genesis.id();
    Ok(move || {
        let template = pool.template(1, &parent, limits, params.sharing);
        let fees = template.iter().map(|one| one.fee()).sum();
        Ok(Output { transactions: template.len(), fees, _kept: (pool, template) })
    })
}
