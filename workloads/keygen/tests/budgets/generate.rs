//! Workload: makes a key and tries it.

use std::io;

use anyhow::Result;
use keygen::{Digest, Epoch, KeyGeneration, PublicKey, SecretKey, SignError, TreeRetention};
use rayon::ThreadBuilder;
use serde::{Deserialize, Serialize};

use crate::known_key::{lifetime, parameter, seed, two};
use crate::workers::Workers;

/// The key to make.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Epochs of its lifetime: a power of four, 16 at the least.
    pub(crate) epochs: u64,
    /// The part of the tree that the key keeps.
    pub(crate) retain: TreeRetention,
    /// The number of threads.
    #[serde(default = "two")]
    pub(crate) workers: usize,
}

/// The key, and the result of trying it in its first, middle and last epoch.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The public key's root.
    pub(crate) root: Digest,
    #[serde(flatten)]
    tried: Tried,
    #[serde(skip)]
    _kept: (PublicKey, SecretKey, Workers),
}

/// Counts over three epochs.
#[derive(Debug, Default, Serialize)]
struct Tried {
    /// Signatures that verify.
    verified: u32,
    /// Those that verify neither another message nor another epoch.
    forgeries_refused: u32,
    /// Those in whose epoch the key refuses to sign again.
    reuse_refused: u32,
    /// Epochs whose part of the tree the key does not hold.
    not_prepared: u32,
}

/// Starts the threads; the work makes the key and tries it.
pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output>> {
    prepare_on(params, Workers::start(params.workers)?)
}

/// The same, on threads that `spawn` starts.
pub(crate) fn prepare_with(
    params: Params,
    spawn: impl FnMut(ThreadBuilder) -> io::Result<()>,
) -> Result<impl FnOnce() -> Result<Output>> {
    prepare_on(params, Workers::start_with(params.workers, spawn)?)
}

fn prepare_on(params: Params, workers: Workers) -> Result<impl FnOnce() -> Result<Output>> {
    let lifetime = lifetime(params.epochs)?;
    let generation = KeyGeneration::new(lifetime).retaining(params.retain);
    Ok(move || {
        let (public, mut secret) = workers.run(|| generation.run(seed(), parameter()))?;
        let last = (params.epochs - 1) as u32;
        let mut tried = Tried::default();
        for epoch in [0, last / 2, last] {
            tried.epoch(&public, &mut secret, Epoch(epoch))?;
        }
        Ok(Output { root: *public.root(), tried, _kept: (public, secret, workers) })
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
