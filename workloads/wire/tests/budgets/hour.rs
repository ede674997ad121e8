//! Workload: hours on a directory that exists already.

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
    /// Transactions, verified proofs and their bytes, of all hours.
    pub(crate) hours: Counts,
    #[serde(skip)]
    _kept: Setup,
}

/// Creates the accounts; the work makes, enters, proves and verifies the transactions of the hours.
///
/// # Errors
/// If there is no temporary folder or the threads do not start.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let mut setup = Setup::prepared(params)?;
    Ok(move || {
        let mut hours = Counts::default();
        for _ in 0..params.hours {
            hours += setup.simulation.hour()?;
        }
        Ok(Output { root: setup.root(), operations: hours.transactions, hours, _kept: setup })
    })
}
