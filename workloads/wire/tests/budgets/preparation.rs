//! Workload: the preparation alone. The bytes that are live at its end are those that a variant
//! keeps of its users.

use serde::Serialize;
use wire::simulation::Counts;

pub(crate) use crate::setup::Params;
use crate::setup::Setup;

/// The work's result.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The root, in hex.
    pub(crate) root: String,
    /// Transactions entered, for a throughput.
    pub(crate) operations: u64,
    /// Transactions, verified proofs and their bytes.
    pub(crate) preparation: Counts,
    /// Nodes in the store, of all versions that it keeps.
    pub(crate) nodes: u64,
    /// Accounts that the transaction builder keeps.
    pub(crate) kept_accounts: usize,
    #[serde(skip)]
    _kept: Setup,
}

/// Starts threads and an empty store; the work creates the accounts. `hours` is not used.
///
/// # Errors
/// If there is no temporary folder or the threads do not start.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let mut setup = Setup::new(params)?;
    Ok(move || {
        let preparation = setup.simulation.prepare(|_| ())?;
        let (nodes, kept_accounts) = setup.simulation.kept()?;
        let operations = preparation.transactions;
        Ok(Output {
            root: setup.root(),
            operations,
            preparation,
            nodes,
            kept_accounts,
            _kept: setup,
        })
    })
}
