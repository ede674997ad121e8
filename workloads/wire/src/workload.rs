//! What the workloads share: how a simulation is described, and where it lies.

use serde::Deserialize;
use tempfile::TempDir;

use crate::{Simulation, Variant};

/// What to simulate.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The accounts that exist before the first hour.
    pub accounts: u32,
    /// Hours of 41 creations, 250 added and 20 revoked keys.
    #[serde(default = "one")]
    pub hours: u32,
    /// Which design.
    pub variant: Variant,
    /// Where all keys and choices come from.
    #[serde(default = "seed")]
    pub seed: u64,
    /// Threads for keys, signatures and proofs; 0 is one on each core. With one, the same blocks are
    /// live at the peak in every run.
    #[serde(default = "threads")]
    pub threads: usize,
}

fn one() -> u32 {
    1
}

fn seed() -> u64 {
    7
}

fn threads() -> usize {
    1
}

/// An empty simulation, and the folder of those on disk.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) simulation: Simulation,
    _folder: TempDir,
}

impl Setup {
    pub(crate) fn new(params: Params) -> anyhow::Result<Self> {
        let Params { accounts, variant, seed, threads, .. } = params;
        let folder = tempfile::tempdir()?;
        let simulation = Simulation::new(variant, accounts, seed, threads, folder.path())?;
        Ok(Self { simulation, _folder: folder })
    }

    pub(crate) fn prepared(params: Params) -> anyhow::Result<Self> {
        let mut setup = Self::new(params)?;
        setup.simulation.prepare(|_| ())?;
        Ok(setup)
    }

    pub(crate) fn root(&self) -> String {
        self.simulation.root().0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
