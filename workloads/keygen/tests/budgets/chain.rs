//! Workload: the hash chains of one group of epochs, from their starts to their ends.

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use super::{parameter, seed};
use crate::scheme::CHAINS;
use crate::{Digest, primitives, simd_backend};

/// How many chains.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Chains of each epoch, 1 to 22.
    pub chains: u8,
}

/// Where they ended.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The end of the last chain in epoch 0.
    pub end: Digest,
}

/// Prepares nothing; the work walks 255 steps of each chain, in as many epochs as there are lanes.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer>> {
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
            [end, ..] = primitives::chain_ends(backend, &seed, &parameter, 0, chain);
        }
        Ok(Answer { end })
    })
}
