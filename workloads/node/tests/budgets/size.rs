//! Workload: the sizes of transactions are computed.

use node::Result;
use node::crypto::Verified;
use serde::{Deserialize, Serialize};

use crate::incoming::{Incoming, Kind};

/// A way to compute the size of a transaction.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// By arithmetic.
    Estimate,
    /// By the length of its encoding.
    Encode,
}

/// The way to compute sizes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The way.
    pub(crate) way: Way,
}

/// The sizes.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The number of transactions, the same of each kind.
    pub(crate) transactions: usize,
    /// The sum of their sizes.
    pub(crate) bytes: usize,
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
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
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
        Ok(Output { transactions: transactions.len(), bytes, _kept: transactions })
    })
}
