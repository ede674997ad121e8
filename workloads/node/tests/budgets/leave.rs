//! Workload: transactions leave a pool for each possible reason.

use node::crypto::Verified;
use node::mempool::{Admitted, Limits, Sharing};
use node::{Error, Genesis, Mempool, Result};
use serde::{Deserialize, Serialize};

use crate::hoard::Hoard;
use crate::incoming::{Incoming, Kind};
use crate::pool::Pool;

/// A reason why transactions leave.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// Other transactions pay more.
    Fee,
    /// They have waited for over an hour.
    Age,
    /// Blocks have mined them.
    Mined,
    /// Blocks of copies have spent their inputs; the pool shares no memory with the copies.
    Spent,
}

/// The transactions, and the reasons why they leave.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The transactions that come in each round.
    pub(crate) transactions: usize,
    /// The number of rounds.
    #[serde(default = "single")]
    pub(crate) rounds: u32,
    /// The reasons of each round, one after the other.
    pub(crate) reasons: Vec<Reason>,
    /// The pool, in which half of the transactions have to fit.
    #[serde(default)]
    pub(crate) pool: Pool,
    /// Whether an index beside the pool keeps the key images of transactions that were not mined.
    #[serde(default)]
    pub(crate) hoard: bool,
}

/// The transactions that left in all rounds, and those that stayed.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Output {
    /// Left for a higher fee, or were refused for it.
    pub(crate) by_fee: usize,
    /// Left for their age.
    pub(crate) by_age: usize,
    /// Left for a block.
    pub(crate) by_block: usize,
    /// Left for their age one second too early.
    pub(crate) too_early: usize,
    /// Transactions that are left.
    pub(crate) left: usize,
    /// Key images that are left.
    pub(crate) key_images: usize,
    #[serde(skip)]
    kept: Option<Indexed>,
}

fn single() -> u32 {
    1
}

/// Reads encoded transactions; the work lets them in and removes them.
///
/// # Errors
/// If the fixture cannot be made.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let incoming = Incoming::open(Kind::Private, params.transactions)?;
    Ok(move || {
        let hoard = params.hoard.then(Hoard::default);
        let mut indexed = Indexed { pool: params.pool.open(), hoard };
        let mut output = Output::default();
        for round in 0..u64::from(params.rounds) {
            output.round(&mut indexed, &incoming, &params.reasons, 10_000 * round)?;
        }
        output.left = indexed.pool.len();
        output.key_images = indexed.key_images();
        output.kept = Some(indexed);
        Ok(output)
    })
}

/// A pool, and the planted leak beside it.
#[derive(Debug)]
struct Indexed {
    pool: Mempool,
    hoard: Option<Hoard>,
}

impl Indexed {
    fn admit(&mut self, transaction: Verified, genesis: &Genesis, now: u64) -> Result<Admitted> {
        let admitted = self.pool.admit(transaction.clone(), genesis, now)?;
        self.hoard.iter_mut().for_each(|hoard| hoard.insert(&transaction));
        Ok(admitted)
    }

    fn confirm(&mut self, mined: &[Verified]) -> usize {
        self.hoard.iter_mut().for_each(|hoard| hoard.confirm(mined));
        self.pool.confirm(1, mined)
    }

    /// The key images of the index that keeps the most.
    fn key_images(&self) -> usize {
        self.hoard.as_ref().map_or(self.pool.key_images(), Hoard::len)
    }
}

impl Output {
    fn round(
        &mut self,
        indexed: &mut Indexed,
        incoming: &Incoming,
        reasons: &[Reason],
        now: u64,
    ) -> anyhow::Result<()> {
        for transaction in incoming.all() {
            match indexed.admit(transaction?, &incoming.genesis, now) {
                Ok(admitted) => self.by_fee += usize::from(admitted.evicted.is_some()),
                Err(Error::PoolFull { .. }) => self.by_fee += 1,
                Err(error) => return Err(error.into()),
            }
        }
        let limits = Limits { transactions: indexed.pool.len() / 2, bytes: usize::MAX };
        let parent = incoming.genesis.id();
        for reason in reasons {
            match reason {
                Reason::Fee => {}
                Reason::Age => {
                    self.too_early += indexed.pool.expire(now + 3600);
                    self.by_age += indexed.pool.expire(now + 3601);
                }
                Reason::Mined => {
                    let mined = indexed.pool.template(1, &parent, limits, Sharing::Shared);
                    self.by_block += indexed.confirm(&mined);
                }
                Reason::Spent => {
                    let others = indexed.pool.template(1, &parent, limits, Sharing::Shared);
                    let others: Vec<Verified> = others.iter().map(Verified::deep_clone).collect();
                    self.by_block += indexed.confirm(&others);
                }
            }
        }
        Ok(())
    }
}
