//! The simulation of every workload, described by its parameters, with its temporary folder.

use serde::Deserialize;
use tempfile::TempDir;
use wire::{Simulation, Variant};

/// The simulation that a case describes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The accounts that exist before the first hour.
    pub(crate) accounts: u32,
    /// Hours of 41 creations, 250 added and 20 revoked keys.
    #[serde(default = "one_hour")]
    pub(crate) hours: u32,
    /// The design to simulate.
    pub(crate) variant: Variant,
    /// The seed of all keys and choices.
    #[serde(default = "default_seed")]
    pub(crate) seed: u64,
    /// Threads for keys, signatures and proofs; 0 is one on each core. With one, the same blocks
    /// are live at the peak in every run.
    #[serde(default = "one_thread")]
    pub(crate) threads: usize,
}

fn one_hour() -> u32 {
    1
}

fn default_seed() -> u64 {
    7
}

fn one_thread() -> usize {
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

    /// The root in hex, a small block for each byte: the work calls this, and `hex::encode` would
    /// change the figures of every case.
    pub(crate) fn root(&self) -> String {
        self.simulation.root().0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
