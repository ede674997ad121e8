//! Workload: key images that are new are looked for among a million.

use serde::Serialize;

pub use super::images::Params;
use super::images::{Indexed, image};

/// What was found.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// How many were looked for.
    pub lookups: u64,
    /// Whether more than 2 % of them seemed to be there.
    pub many_found: bool,
    #[serde(skip)]
    _kept: Indexed,
}

const ROUNDS: u64 = 10;

/// Indexes the images, and makes a tenth as many new ones; the work looks for each ten times.
///
/// # Errors
/// None.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let indexed = Indexed::of(params);
    let absent: Vec<_> = (0..params.images / 10).map(|at| image("absent", at)).collect();
    Ok(move || {
        let mut found = 0;
        for _ in 0..ROUNDS {
            found += absent.iter().filter(|image| indexed.contains(image)).count() as u64;
        }
        let lookups = ROUNDS * absent.len() as u64;
        Ok(Answer { lookups, many_found: found * 50 > lookups, _kept: indexed })
    })
}
