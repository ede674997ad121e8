//! Workload: new key images are looked for among a million.

use serde::Serialize;

pub(crate) use crate::images::Params;
use crate::images::{Indexed, image};

/// The lookups, and their results.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The number of lookups.
    pub(crate) lookups: u64,
    /// Whether more than 2 % of the lookups found a key image.
    pub(crate) many_found: bool,
    #[serde(skip)]
    _kept: Indexed,
}

const ROUNDS: u64 = 10;

/// Indexes key images, and makes a tenth as many new ones; the work looks for each new one ten times.
///
/// # Errors
/// None.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let indexed = Indexed::of(params);
    let absent: Vec<_> = (0..params.images / 10).map(|at| image("absent", at)).collect();
    Ok(move || {
        let mut found = 0;
        for _ in 0..ROUNDS {
            found += absent.iter().filter(|image| indexed.contains(image)).count() as u64;
        }
        let lookups = ROUNDS * absent.len() as u64;
        Ok(Output { lookups, many_found: found * 50 > lookups, _kept: indexed })
    })
}
