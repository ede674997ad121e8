//! Workload: the ways to the same root that keep more than they need.

use anyhow::Result;
use keygen::{Digest, simd_backend};
use serde::{Deserialize, Serialize};

use crate::collected::Collected;
use crate::known_key::{lifetime, parameter, seed, two};
use crate::workers::Workers;
use crate::{batched, chains, collected, naive};

/// Which way, and how far.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The way.
    pub(crate) way: Way,
    /// Epochs of the lifetime: a power of four, 16 at the least.
    pub(crate) epochs: u64,
    /// The number of threads; a sequential way uses one.
    #[serde(default = "two")]
    pub(crate) workers: usize,
}

/// A way to the root.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// All leaves first, then the tree; both stay live.
    Collected,
    /// 1,024 epochs at a time.
    Batched,
    /// Every value of every chain is kept.
    Naive,
    /// The chains of an epoch run in parallel as well as the epochs.
    Chains,
}

/// The result.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The root, the same whichever way.
    pub(crate) root: Digest,
    #[serde(skip)]
    _kept: (Option<Collected>, Workers),
}

/// Starts the threads; the work goes one way to the root.
pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output>> {
    let lifetime = lifetime(params.epochs)?;
    let workers = Workers::start(params.workers)?;
    let (backend, seed, parameter) = (simd_backend(), seed(), parameter());
    Ok(move || {
        let (root, kept) = workers.run(|| match params.way {
            Way::Collected => {
                let collected = collected::collect(backend, &seed, &parameter, lifetime);
                (collected.root(), Some(collected))
            }
            Way::Batched => {
                (batched::root(backend, &seed, &parameter, lifetime, batched::EPOCHS), None)
            }
            Way::Naive => (naive::root(backend, &seed, &parameter, lifetime), None),
            Way::Chains => (chains::root(backend, &seed, &parameter, lifetime), None),
        });
        Ok(Output { root, _kept: (kept, workers) })
    })
}
