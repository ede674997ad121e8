//! Workload: hours on a directory that is there already.

use serde::Serialize;

use crate::simulation::Counts;
pub use crate::workload::Params;
use crate::workload::Setup;

/// What was done.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The root, in hex.
    pub root: String,
    /// Transactions entered, for a throughput.
    pub operations: u64,
    /// Transactions, verified proofs and their bytes, of all hours.
    pub hours: Counts,
    #[serde(skip)]
    _kept: Setup,
}

/// Creates the accounts; the work makes, enters, proves and verifies the transactions of the hours.
///
/// # Errors
/// If there is no temporary folder or the threads do not start.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let mut setup = Setup::prepared(params)?;
    Ok(move || {
        let mut hours = Counts::default();
        for _ in 0..params.hours {
            hours += setup.simulation.hour()?;
        }
        Ok(Answer { root: setup.root(), operations: hours.transactions, hours, _kept: setup })
    })
}
