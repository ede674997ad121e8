//! Workload: transactions leave a pool, for each of the reasons that there are.

use serde::{Deserialize, Serialize};

use super::{Incoming, Kind, Pool};
use crate::crypto::Verified;
use crate::mempool::{Limits, Sharing};
use crate::{Error, Mempool};

/// Why they leave.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Others pay more.
    Fee,
    /// They have waited for over an hour.
    Age,
    /// Blocks have mined them.
    Mined,
    /// Blocks of others have spent what they spend: the same, of transactions that the pool shares
    /// nothing with.
    Spent,
}

/// What comes and goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// How many come in a round.
    pub transactions: usize,
    /// How often all of it happens.
    #[serde(default = "one")]
    pub rounds: u32,
    /// Why they leave, in each round one after the other. What none of them removes is too old at the
    /// end of the round.
    pub reasons: Vec<Reason>,
    /// Of what pool. Half of what comes has to fit.
    #[serde(default)]
    pub pool: Pool,
}

/// What has gone, in all rounds.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// For a higher fee, or not let in for that.
    pub by_fee: usize,
    /// For their age.
    pub by_age: usize,
    /// By blocks.
    pub by_block: usize,
    /// Those that were too old one second before they should be.
    pub too_early: usize,
    /// Transactions that are left.
    pub left: usize,
    /// Key images that are left.
    pub key_images: usize,
    #[serde(skip)]
    kept: Option<Mempool>,
}

fn one() -> u32 {
    1
}

/// Reads the encodings; the work lets them in and sees them leave.
///
/// # Errors
/// If the fixture cannot be made.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let incoming = Incoming::open(Kind::Private, params.transactions)?;
    Ok(move || {
        let mut pool = Mempool::new(params.pool.options());
        let mut answer = Answer::default();
        for round in 0..u64::from(params.rounds) {
            answer.round(&mut pool, &incoming, &params.reasons, 10_000 * round)?;
        }
        answer.left = pool.len();
        answer.key_images = pool.key_images();
        answer.kept = Some(pool);
        Ok(answer)
    })
}

impl Answer {
    fn round(
        &mut self,
        pool: &mut Mempool,
        incoming: &Incoming,
        reasons: &[Reason],
        now: u64,
    ) -> anyhow::Result<()> {
        for one in incoming.all() {
            match pool.admit(one?, &incoming.genesis, now) {
                Ok(admitted) => self.by_fee += usize::from(admitted.evicted.is_some()),
                Err(Error::PoolFull { .. }) => self.by_fee += 1,
                Err(error) => return Err(error.into()),
            }
        }
        let half = pool.len() / 2;
        let parent = incoming.genesis.id();
        for reason in reasons {
            match reason {
                Reason::Fee => {}
                Reason::Age => {
                    self.too_early += pool.expire(now + 3600);
                    self.by_age += pool.expire(now + 3601);
                }
                Reason::Mined => {
                    let limits = Limits { transactions: half, bytes: usize::MAX };
                    let mined = pool.template(1, &parent, limits, Sharing::Shared);
                    self.by_block += pool.confirm(1, &mined);
                }
                Reason::Spent => {
                    let limits = Limits { transactions: half, bytes: usize::MAX };
                    let others = pool.template(1, &parent, limits, Sharing::Shared);
                    let others: Vec<Verified> = others.iter().map(Verified::deep_clone).collect();
                    self.by_block += pool.confirm(1, &others);
                }
            }
        }
        Ok(())
    }
}
