//! Workload: the proofs of an hour as bytes on the wire.

use anyhow::Context as _;
use serde::Serialize;

pub(crate) use crate::setup::Params;
use crate::setup::Setup;

/// The work's result.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The root after the hours, in hex.
    pub(crate) root: String,
    /// Transactions of the last hour, each of them proven.
    pub(crate) proofs: u64,
    /// The bytes of their proofs, services included.
    pub(crate) bytes: u64,
    #[serde(skip)]
    _kept: (Setup, Vec<u8>),
}

/// Creates the accounts and simulates the hours; the work encodes the batch of the last one, in a
/// single block that is as large as the proofs.
///
/// # Errors
/// If there is no temporary folder, the threads do not start, or there is no hour.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let mut setup = Setup::prepared(params)?;
    for _ in 1..params.hours {
        setup.simulation.hour()?;
    }
    anyhow::ensure!(params.hours > 0, "0 hours; 1 or more are allowed");
    let batch = setup.simulation.enter_hour()?;
    Ok(move || {
        let encoded = batch.encode().context("encoding a batch")?;
        let (proofs, bytes) = (batch.transactions() as u64, encoded.len() as u64);
        Ok(Output { root: setup.root(), proofs, bytes, _kept: (setup, encoded) })
    })
}
