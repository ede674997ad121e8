//! Workload: transactions come, are decoded and let into a pool, until it is full and after.

use serde::{Deserialize, Serialize};

use super::{Incoming, Kind, Pool};
use crate::mempool::Usage;
use crate::{Error, Mempool};

/// What comes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// How many.
    pub transactions: usize,
    /// Of which kind.
    #[serde(default)]
    pub kind: Kind,
    /// Into which pool.
    #[serde(default)]
    pub pool: Pool,
}

/// What is in the pool.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Transactions.
    pub transactions: usize,
    /// What had to go for others.
    pub evicted: usize,
    /// What paid too little.
    pub refused: usize,
    /// Whether those that are in are those that pay most of all that came.
    pub best_are_in: bool,
    /// Inputs of those that are in.
    pub inputs: usize,
    /// Key images that are indexed.
    pub key_images: usize,
    /// Bytes of their encodings.
    pub encoded_bytes: usize,
    /// What the pool says that it holds on the heap.
    pub accounted: usize,
    /// The same, by part.
    pub usage: Usage,
    #[serde(skip)]
    _kept: Mempool,
}

/// Reads the encodings; the work decodes them and lets them in.
///
/// # Errors
/// If the fixture cannot be made.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let incoming = Incoming::open(params.kind, params.transactions)?;
    let mut rates =
        incoming.all().map(|one| Ok(one?.fee_rate())).collect::<crate::Result<Vec<_>>>()?;
    rates.sort_unstable_by(|one, other| other.cmp(one));
    rates.truncate(params.pool.capacity);
    let best: u64 = rates.iter().sum();
    drop(rates);
    Ok(move || {
        let mut pool = Mempool::new(params.pool.options());
        let (mut evicted, mut refused) = (0, 0);
        for one in incoming.all() {
            match pool.admit(one?, &incoming.genesis, 0) {
                Ok(admitted) => evicted += usize::from(admitted.evicted.is_some()),
                Err(Error::PoolFull { .. }) => refused += 1,
                Err(error) => return Err(error.into()),
            }
        }
        let rates: u64 = pool.transactions().map(|one| one.fee_rate()).sum();
        Ok(Answer {
            transactions: pool.len(),
            evicted,
            refused,
            best_are_in: rates == best,
            inputs: pool.inputs(),
            key_images: pool.key_images(),
            encoded_bytes: pool.encoded_bytes(),
            accounted: pool.heap_size(),
            usage: pool.usage(),
            _kept: pool,
        })
    })
}
