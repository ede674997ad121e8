//! Workload: the whole benchmark, from the first account to the last hour.

use serde::Serialize;
use wire::simulation::Counts;

pub(crate) use crate::setup::Params;
use crate::setup::Setup;

/// The work's result.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The root after the preparation, in hex.
    pub(crate) prepared_root: String,
    /// The root after the last hour, in hex.
    pub(crate) root: String,
    /// Transactions entered, for a throughput.
    pub(crate) operations: u64,
    /// The counts of the preparation.
    pub(crate) preparation: Counts,
    /// The counts of all hours together.
    pub(crate) hours: Counts,
    /// Nodes in the store, of all versions that it keeps.
    pub(crate) nodes: u64,
    /// Accounts that the transaction builder keeps.
    pub(crate) kept_accounts: usize,
    #[serde(skip)]
    _kept: Setup,
}

/// Starts threads and an empty store; the work is all the rest.
///
/// # Errors
/// If there is no temporary folder or the threads do not start.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
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
