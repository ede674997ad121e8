//! Workload: a block's transactions are chosen from a full pool.

use serde::{Deserialize, Serialize};

use super::{Incoming, Kind, Pool};
use crate::Mempool;
use crate::crypto::Verified;
use crate::mempool::{Limits, Sharing};

/// From what, and how.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Transactions in the pool, all of which are chosen.
    pub transactions: usize,
    /// Whether they are shared with the pool.
    pub sharing: Sharing,
}

/// What was chosen.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// How many.
    pub transactions: usize,
    /// Their fees.
    pub fees: u64,
    #[serde(skip)]
    _kept: (Mempool, Vec<Verified>),
}

/// Fills a pool; the work makes the template.
///
/// # Errors
/// If the fixture cannot be made.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let incoming = Incoming::open(Kind::Private, params.transactions)?;
    let mut pool = Mempool::new(Pool::default().options());
    for one in incoming.all() {
        pool.admit(one?, &incoming.genesis, 0)?;
    }
    let limits = Limits { transactions: params.transactions, bytes: usize::MAX };
    let parent = incoming.genesis.id();
    Ok(move || {
        let template = pool.template(1, &parent, limits, params.sharing);
        let fees = template.iter().map(|one| one.fee()).sum();
        Ok(Answer { transactions: template.len(), fees, _kept: (pool, template) })
    })
}
