//! Workload: the whole benchmark, from the first account to the last hour.

use serde::Serialize;
use wire::simulation::Counts;

pub use crate::setup::Params;
use crate::setup::Setup;

/// The work's result.
#[derive(Debug, Serialize)]
pub struct Output {
    /// The root after the preparation, in hex.
    pub prepared_root: String,
    /// The root after the last hour, in hex.
    pub root: String,
    /// Transactions entered, for a throughput.
    pub operations: u64,
    /// The counts of the preparation.
    pub preparation: Counts,
    /// The counts of all hours together.
    pub hours: Counts,
    /// Nodes in the store, of all versions that it keeps.
    pub nodes: u64,
    /// Accounts that the transaction builder keeps.
    pub kept_accounts: usize,
    #[serde(skip)]
    _kept: Setup,
}

/// Starts threads and an empty store; the work is all the rest.
///
/// # Errors
/// If there is no temporary folder or the threads do not start.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
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
        Ok(Output {
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
