//! Workload: the hash chains of one group of epochs, from their starts to their ends.

use anyhow::{Result, ensure};
use keygen::primitives::{CHAINS, chain_ends};
use keygen::{Digest, simd_backend};
use serde::{Deserialize, Serialize};

use crate::known_key::{parameter, seed};

/// The number of chains.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Chains of each epoch, 1 to 22.
    pub(crate) chains: u8,
}

/// The end of the chains.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The end of the last chain in epoch 0.
    pub(crate) end: Digest,
}

/// Prepares only constants; the work walks 255 steps of each chain, in as many epochs as there are lanes.
pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output>> {
    let most = CHAINS as u8;
    ensure!(
        (1..=most).contains(&params.chains),
        "{} chains; an epoch has 1 to {most}",
        params.chains
    );
    let (backend, seed, parameter) = (simd_backend(), seed(), parameter());
    Ok(move || {
        let mut end = Digest::default();
        for chain in 0..params.chains {
            [end, ..] = chain_ends(backend, &seed, &parameter, 0, chain);
        }
        Ok(Output { end })
    })
}
