//! Hours of a messenger: so many users are there, some come, some add a key, a few revoke one.
//!
//! The spans `preparation`, `hour` and, in it, `verification` tell a profiler which is which.

use std::path::Path;

use jmt::RootHash;
use serde::Serialize;

use crate::batch::Batch;
use crate::builder::{Builder, Keeping};
use crate::directory::{Directory, Proving};
use crate::random::Random;
use crate::store::{Disk, Options, Store};
use crate::threads::Threads;
use crate::{Compact, Expanded, Keys, Result, Transaction, Variant};

/// Accounts created in an hour.
pub const CREATES: u32 = 41;
/// Keys added in an hour.
pub const ADDED_KEYS: u32 = 250;
/// Keys revoked in an hour.
pub const REVOKED_KEYS: u32 = 20;
/// Services that admit users.
pub const SERVICES: u32 = 3;
/// Accounts in a chunk, where they come in chunks.
pub const CHUNK: u32 = 1000;

/// What an hour, or a preparation, did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Transactions entered.
    pub transactions: u64,
    /// How many of them were proven, the proof verified from root to root.
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
    Expanded(Run<Expanded>),
    /// With keys of 32 bytes.
    Compact(Run<Compact>),
}

macro_rules! on {
    ($simulation:expr, $run:ident => $work:expr) => {
        match $simulation {
            Simulation::Expanded($run) => $work,
            Simulation::Compact($run) => $work,
        }
    };
}

impl Simulation {
    /// An empty directory with its services. `folder` is for the variants on disk; what is there is
    /// not durable. `threads` of 0 are one on each core.
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
            false => Self::Expanded(Run::new(variant, users, seed, store, threads)?),
            true => Self::Compact(Run::new(variant, users, seed, store, threads)?),
        })
    }

    /// Creates the existing users; `progress` is told how many there are.
    ///
    /// # Errors
    /// None but those of the store.
    pub fn prepare(&mut self, progress: impl FnMut(u32)) -> Result<Counts> {
        on!(self, run => run.prepare(progress))
    }

    /// Makes the transactions of an hour, enters them, and verifies every proof.
    ///
    /// # Errors
    /// None but those of the store.
    pub fn hour(&mut self) -> Result<Counts> {
        on!(self, run => run.hour())
    }

    /// The batch of an hour, not verified.
    pub(crate) fn enter_hour(&mut self) -> Result<Proven> {
        Ok(match self {
            Self::Expanded(run) => Proven::Expanded(run.enter_hour()?),
            Self::Compact(run) => Proven::Compact(run.enter_hour()?),
        })
    }

    /// The root now.
    #[must_use]
    pub fn root(&self) -> RootHash {
        on!(self, run => run.directory.root())
    }

    /// How many nodes the store keeps, and how many accounts the builder.
    ///
    /// # Errors
    /// Those of [`Store::nodes`].
    pub fn kept(&self) -> Result<(u64, usize)> {
        on!(self, run => Ok((run.directory.store().nodes()?, run.builder.kept())))
    }

    /// The bytes, and the number of siblings, of the proof that user `user` is in the directory.
    ///
    /// # Errors
    /// Those of [`Directory::prove`].
    pub fn membership(&self, user: u32) -> Result<crate::membership::Size> {
        on!(self, run => crate::membership::size(&run.directory, user))
    }
}

/// A batch of either simulation.
#[derive(Debug)]
pub(crate) enum Proven {
    Expanded(Batch<Expanded>),
    Compact(Batch<Compact>),
}

impl Proven {
    pub(crate) fn transactions(&self) -> u64 {
        match self {
            Self::Expanded(batch) => batch.transactions() as u64,
            Self::Compact(batch) => batch.transactions() as u64,
        }
    }

    pub(crate) fn encode(&self) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Expanded(batch) => batch.encode(),
            Self::Compact(batch) => batch.encode(),
        }
    }
}

/// A simulation whose keys are held as `K`.
#[derive(Debug)]
pub struct Run<K: Keys> {
    variant: Variant,
    builder: Builder<K>,
    directory: Directory<K>,
    random: Random,
    /// Users to prepare.
    users: u32,
    /// Users there are.
    created: u32,
    /// Users with more than one key, once for each more.
    richer: Vec<u32>,
    /// The proofs of the preparation, where they are kept.
    kept: Vec<Batch<K>>,
}

impl<K: Keys> Run<K> {
    fn new(
        variant: Variant,
        users: u32,
        seed: u64,
        store: Store,
        threads: Threads,
    ) -> Result<Self> {
        let (dense, lazy) = (variant.has(Variant::DenseIndex), variant.has(Variant::Lazy));
        let mut builder = Builder::new(Keeping { dense, lazy }, seed, users);
        let proving = match variant.has(Variant::BatchedProofs) {
            true => Proving::Together,
            false => Proving::Each,
        };
        let mut directory = Directory::open(store, proving, threads)?;
        let services = (0..SERVICES).map(|service| builder.register_service(service)).collect();
        directory.enter(services)?;
        let (random, richer, kept) = (Random::new(seed), Vec::new(), Vec::new());
        Ok(Self { variant, builder, directory, random, users, created: 0, richer, kept })
    }

    fn prepare(&mut self, mut progress: impl FnMut(u32)) -> Result<Counts> {
        let _phase = tracing::info_span!("preparation").entered();
        let mut counts = Counts::default();
        let streaming = self.variant.has(Variant::Streaming);
        let chunk = if streaming { CHUNK } else { self.users };
        while self.created < self.users {
            let until = self.users.min(self.created + chunk);
            let mut transactions = Vec::with_capacity((until - self.created) as usize);
            self.create_until(until, &mut transactions)?;
            let batch = self.directory.enter(transactions)?;
            counts.transactions += batch.transactions() as u64;
            counts.proof_bytes += batch.encoded_bytes() as u64;
            if streaming {
                counts.verified += batch.transactions() as u64;
                batch.verify_changes(self.directory.threads())?;
            } else {
                self.kept.push(batch);
            }
            self.builder.end_batch();
            progress(self.created);
        }
        Ok(counts)
    }

    fn hour(&mut self) -> Result<Counts> {
        let _phase = tracing::info_span!("hour").entered();
        let batch = self.enter_hour()?;
        let transactions = batch.transactions() as u64;
        let proof_bytes = batch.encoded_bytes() as u64;
        let _phase = tracing::info_span!("verification").entered();
        batch.verify(self.directory.threads())?;
        Ok(Counts { transactions, verified: transactions, proof_bytes })
    }

    fn enter_hour(&mut self) -> Result<Batch<K>> {
        let transactions = self.hour_transactions()?;
        let batch = self.directory.enter(transactions)?;
        self.builder.end_batch();
        Ok(batch)
    }

    #[inline(never)]
    fn hour_transactions(&mut self) -> Result<Vec<Transaction<K>>> {
        let there = self.created;
        let mut transactions = Vec::with_capacity((CREATES + ADDED_KEYS + REVOKED_KEYS) as usize);
        self.create_until(there + CREATES, &mut transactions)?;
        for _ in 0..ADDED_KEYS {
            let user = self.random.below(there);
            transactions.push(self.builder.add_key(user, &self.directory)?);
            self.richer.push(user);
        }
        for _ in 0..REVOKED_KEYS {
            let at = self.random.below(self.richer.len() as u32) as usize;
            let user = self.richer.swap_remove(at);
            transactions.push(self.builder.revoke_key(user, &self.directory)?);
        }
        Ok(transactions)
    }

    #[inline(never)]
    fn create_until(&mut self, until: u32, transactions: &mut Vec<Transaction<K>>) -> Result<()> {
        let threads = self.directory.threads();
        self.builder.create(self.created..until, threads, |made| transactions.push(made))?;
        self.created = until;
        Ok(())
    }
}
