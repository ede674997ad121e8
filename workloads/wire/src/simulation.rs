//! Hours of a messenger with many users: some come, some add a key, a few revoke one.
//!
//! The spans `preparation`, `hour` and, in it, `verification` name the phases for a profiler.

mod any_batch;
mod messenger;

use std::path::Path;

use jmt::RootHash;
use serde::Serialize;

pub use self::any_batch::AnyBatch;
pub use self::messenger::Messenger;
use crate::store::{Disk, Options, Store};
use crate::threads::Threads;
use crate::{Compact, Expanded, Result, Variant};

/// Accounts created in an hour.
pub const CREATES: u32 = 41;
/// Keys added in an hour.
pub const ADDED_KEYS: u32 = 250;
/// Keys revoked in an hour.
pub const REVOKED_KEYS: u32 = 20;
/// Services that admit users.
pub const SERVICES: u32 = 3;
/// Accounts in a chunk, where they are prepared in chunks.
pub const CHUNK: u32 = 1000;

/// The counts of an hour or of a preparation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Transactions entered.
    pub transactions: u64,
    /// Those of them whose proof was verified from root to root.
    pub verified: u64,
    /// The bytes of their proofs on the wire, services included.
    pub proof_bytes: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.transactions += other.transactions;
        self.verified += other.verified;
        self.proof_bytes += other.proof_bytes;
    }
}

/// A simulation of one variant.
#[derive(Debug)]
pub enum Simulation {
    /// With keys ready for use.
    Expanded(Messenger<Expanded>),
    /// With keys of 32 bytes.
    Compact(Messenger<Compact>),
}

macro_rules! on {
    ($simulation:expr, $messenger:ident => $work:expr) => {
        match $simulation {
            Simulation::Expanded($messenger) => $work,
            Simulation::Compact($messenger) => $work,
        }
    };
}

impl Simulation {
    /// An empty directory with its services. Variants on disk lie in `folder`, and are not durable.
    /// 0 `threads` stand for one on each core.
    ///
    /// # Errors
    /// Those of [`Disk::open`] and [`Threads::start`].
    pub fn new(
        variant: Variant,
        users: u32,
        seed: u64,
        threads: usize,
        folder: &Path,
    ) -> Result<Self> {
        let threads = Threads::start(threads)?;
        let store = match variant.has(Variant::Disk) {
            false => Store::memory(),
            true => {
                Store::Disk(Disk::open(folder, Options { durable: false, ..Options::default() })?)
            }
        };
        Ok(match variant.has(Variant::CompactKeys) {
            false => Self::Expanded(Messenger::new(variant, users, seed, store, threads)?),
            true => Self::Compact(Messenger::new(variant, users, seed, store, threads)?),
        })
    }

    /// Creates the existing users; `progress` is called with their number so far.
    ///
    /// # Errors
    /// None but those of the store.
    pub fn prepare(&mut self, progress: impl FnMut(u32)) -> Result<Counts> {
        on!(self, messenger => messenger.prepare(progress))
    }

    /// Makes the transactions of an hour, enters them, and verifies every proof.
    ///
    /// # Errors
    /// None but those of the store.
    pub fn hour(&mut self) -> Result<Counts> {
        on!(self, messenger => messenger.hour())
    }

    /// Makes the transactions of an hour and enters them; the proofs are left for the caller to
    /// verify.
    ///
    /// # Errors
    /// None but those of the store.
    pub fn enter_hour(&mut self) -> Result<AnyBatch> {
        Ok(match self {
            Self::Expanded(messenger) => AnyBatch::Expanded(messenger.enter_hour()?),
            Self::Compact(messenger) => AnyBatch::Compact(messenger.enter_hour()?),
        })
    }

    /// The root now.
    #[must_use]
    pub fn root(&self) -> RootHash {
        on!(self, messenger => messenger.directory.root())
    }

    /// How many nodes the store keeps, and how many accounts the builder.
    ///
    /// # Errors
    /// Those of [`Store::nodes`].
    pub fn kept(&self) -> Result<(u64, usize)> {
        on!(self, messenger => Ok((messenger.directory.store().nodes()?, messenger.builder.kept())))
    }
}
