//! Workload: transactions are decoded and let into a pool until it is full, and after.

use node::mempool::Usage;
use node::{Error, Mempool};
use serde::{Deserialize, Serialize};

use crate::incoming::{Incoming, Kind};
use crate::pool::Pool;

/// The transactions, and the pool.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The number of transactions.
    pub(crate) transactions: usize,
    /// Their kind.
    #[serde(default)]
    pub(crate) kind: Kind,
    /// The options of the pool.
    #[serde(default)]
    pub(crate) pool: Pool,
}

/// The pool at the end.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Its transactions.
    pub(crate) transactions: usize,
    /// Transactions that were evicted.
    pub(crate) evicted: usize,
    /// Transactions that were refused, since they paid too little.
    pub(crate) refused: usize,
    /// Whether it has the transactions that pay most.
    pub(crate) best_are_in: bool,
    /// The inputs of its transactions.
    pub(crate) inputs: usize,
    /// The key images in its index.
    pub(crate) key_images: usize,
    /// The bytes of their encodings.
    pub(crate) encoded_bytes: usize,
    /// The bytes of heap that the pool counts.
    pub(crate) accounted: usize,
    /// The same by part.
    pub(crate) usage: Usage,
    #[serde(skip)]
    _kept: Mempool,
}

/// Reads encoded transactions; the work decodes them and lets them in.
///
/// # Errors
/// If the fixture cannot be made.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let incoming = Incoming::open(params.kind, params.transactions)?;
    let mut rates =
        incoming.all().map(|one| Ok(one?.fee_rate())).collect::<node::Result<Vec<_>>>()?;
    rates.sort_unstable_by(|one, other| other.cmp(one));
    rates.truncate(params.pool.capacity);
    let best: u64 = rates.iter().sum();
    drop(rates);
    Ok(move || {
        let mut pool = params.pool.open();
        let (mut evicted, mut refused) = (0, 0);
        for transaction in incoming.all() {
            match pool.admit(transaction?, &incoming.genesis, 0) {
                Ok(admitted) => evicted += usize::from(admitted.evicted.is_some()),
                Err(Error::PoolFull { .. }) => refused += 1,
                Err(error) => return Err(error.into()),
            }
        }
        let rates: u64 = pool.transactions().map(|one| one.fee_rate()).sum();
        Ok(Output {
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
