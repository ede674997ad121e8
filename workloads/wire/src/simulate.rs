//! Workload: the whole benchmark, from the first account to the last hour.

use serde::Serialize;

use crate::simulation::Counts;
pub use crate::workload::Params;
use crate::workload::Setup;

/// What was done.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The root after the preparation, in hex.
    pub prepared_root: String,
    /// The root after the last hour, in hex.
    pub root: String,
    /// Transactions entered, for a throughput.
    pub operations: u64,
    /// What the preparation did.
    pub preparation: Counts,
    /// What the hours did, together.
    pub hours: Counts,
    /// Nodes in the store, of all versions that it keeps.
    pub nodes: u64,
    /// Accounts that the builder keeps.
    pub kept_accounts: usize,
    #[serde(skip)]
    _kept: Setup,
}

/// Starts threads and an empty store; the work is all the rest.
///
/// # Errors
/// If there is no temporary folder or the threads do not start.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let mut setup = Setup::new(params)?;
    Ok(move || {
        let preparation = setup.simulation.prepare(|_| ())?;
        let prepared_root = setup.root();
        let mut hours = Counts::default();
        for _ in 0..params.hours {
            hours += setup.simulation.hour()?;
        }
        let (nodes, kept_accounts) = setup.simulation.kept()?;
        let root = setup.root();
        let operations = preparation.transactions + hours.transactions;
        Ok(Answer {
            prepared_root,
            root,
            operations,
            preparation,
            hours,
            nodes,
            kept_accounts,
            _kept: setup,
        })
    })
}
