//! Workload: the ways to the same root that keep more than they need.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{lifetime, parameter, seed, two};
use crate::variant::collected::Collected;
use crate::variant::workers::Workers;
use crate::variant::{batched, chains, collected, naive};
use crate::{Digest, simd_backend};

/// Which way, and how far.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The way.
    pub way: Way,
    /// Epochs of the lifetime: a power of four, 16 at the least.
    pub epochs: u64,
    /// How many threads go it; those that know no threads take one.
    #[serde(default = "two")]
    pub workers: usize,
}

/// A way to the root.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// All leaves first, then the tree, and both are held.
    Collected,
    /// 1,024 epochs at a time.
    Batched,
    /// Every value of every chain is kept.
    Naive,
    /// The chains of an epoch are shared out as well as the epochs.
    Chains,
}

/// What was found.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The root, the same whichever way.
    pub root: Digest,
    #[serde(skip)]
    _kept: (Option<Collected>, Workers),
}

/// Starts the threads; the work goes one way to the root.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer>> {
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
        Ok(Answer { root, _kept: (kept, workers) })
    })
}
