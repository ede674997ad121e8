//! Workload: a key is made, and tried.

use std::io;

use anyhow::Result;
use rayon::ThreadBuilder;
use serde::{Deserialize, Serialize};

use super::{lifetime, parameter, seed, two};
use crate::variant::workers::Workers;
use crate::{Digest, Epoch, KeyGeneration, PublicKey, SecretKey, SignError, TreeRetention};

/// Which key is made.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Epochs of its lifetime: a power of four, 16 at the least.
    pub epochs: u64,
    /// How much of the tree it keeps.
    pub retain: TreeRetention,
    /// How many threads make it.
    #[serde(default = "two")]
    pub workers: usize,
}

/// The key, and what came of trying it in its first, middle and last epoch.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The public key's root.
    pub root: Digest,
    #[serde(flatten)]
    tried: Tried,
    #[serde(skip)]
    _kept: (PublicKey, SecretKey, Workers),
}

/// Of three epochs.
#[derive(Debug, Default, Serialize)]
struct Tried {
    /// Signatures that were made and verify.
    verified: u32,
    /// Of them, how many verify neither another message nor another epoch.
    forgeries_refused: u32,
    /// Of them, in how many epochs the key refuses to sign again.
    reuse_refused: u32,
    /// Epochs whose part of the tree the key does not hold.
    not_prepared: u32,
}

/// Starts the threads; the work makes the key and tries it.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer>> {
    prepare_on(params, Workers::start(params.workers)?)
}

/// The same, on threads that `spawn` starts.
pub fn prepare_with(
    params: Params,
    spawn: impl FnMut(ThreadBuilder) -> io::Result<()>,
) -> Result<impl FnOnce() -> Result<Answer>> {
    prepare_on(params, Workers::start_with(params.workers, spawn)?)
}

fn prepare_on(params: Params, workers: Workers) -> Result<impl FnOnce() -> Result<Answer>> {
    let lifetime = lifetime(params.epochs)?;
    let generation = KeyGeneration::new(lifetime).retaining(params.retain);
    Ok(move || {
        let (public, mut secret) = workers.run(|| generation.run(seed(), parameter()))?;
        let last = (params.epochs - 1) as u32;
        let mut tried = Tried::default();
        for epoch in [0, last / 2, last] {
            tried.epoch(&public, &mut secret, Epoch(epoch))?;
        }
        Ok(Answer { root: *public.root(), tried, _kept: (public, secret, workers) })
    })
}

impl Tried {
    fn epoch(&mut self, public: &PublicKey, secret: &mut SecretKey, epoch: Epoch) -> Result<()> {
        const SIGNED: &[u8; 32] = b"the message that has been signed";
        const FORGED: &[u8; 32] = b"the message that was not, by one";
        let signature = match secret.sign(epoch, SIGNED) {
            Err(SignError::NotPrepared { .. }) => {
                self.not_prepared += 1;
                return Ok(());
            }
            signed => signed?,
        };
        public.verify(epoch, SIGNED, &signature)?;
        self.verified += 1;
        let other = Epoch(epoch.0 ^ 1);
        let forged =
            [public.verify(epoch, FORGED, &signature), public.verify(other, SIGNED, &signature)];
        self.forgeries_refused += u32::from(forged.iter().all(Result::is_err));
        self.reuse_refused += u32::from(secret.sign(epoch, FORGED).is_err());
        Ok(())
    }
}
