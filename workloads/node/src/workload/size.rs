//! Workload: transactions are sized.

use serde::{Deserialize, Serialize};

use super::{Incoming, Kind};
use crate::Result;
use crate::crypto::Verified;

/// How a size is found.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By arithmetic.
    Estimate,
    /// By encoding the transaction, and looking how long that is.
    Encode,
}

/// What is sized.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// How.
    pub way: Way,
}

/// The sizes.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// How many were sized: of every kind as many.
    pub transactions: usize,
    /// Bytes of all of them.
    pub bytes: usize,
    #[serde(skip)]
    _kept: Vec<Verified>,
}

const EACH: usize = 48;
const KINDS: [Kind; 6] =
    [Kind::Private, Kind::Memo, Kind::Quantum, Kind::TwoInputs, Kind::SixteenInputs, Kind::Minting];

/// Decodes 48 transactions of every kind; the work sizes them.
///
/// # Errors
/// If the fixtures cannot be made.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let mut transactions = Vec::new();
    for kind in KINDS {
        let incoming = Incoming::open(kind, EACH)?;
        transactions.extend(incoming.all().collect::<Result<Vec<_>>>()?);
    }
    Ok(move || {
        let size = |one: &Verified| match params.way {
            Way::Estimate => one.estimate_size(),
            Way::Encode => one.encode().len(),
        };
        let bytes = transactions.iter().map(size).sum();
        Ok(Answer { transactions: transactions.len(), bytes, _kept: transactions })
    })
}
