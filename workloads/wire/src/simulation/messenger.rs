//! The steps of a simulation, for one form of keys.

use rand_core::SeedableRng as _;
use rand_xoshiro::SplitMix64;

use super::{ADDED_KEYS, CHUNK, CREATES, Counts, REVOKED_KEYS, SERVICES};
use crate::batch::Batch;
use crate::directory::{Directory, Proving};
use crate::random::below;
use crate::store::Store;
use crate::threads::Threads;
use crate::transaction_builder::{Keeping, TransactionBuilder};
use crate::{Keys, Result, Transaction, Variant};

/// A simulation whose keys are in memory as `K`.
#[derive(Debug)]
pub struct Messenger<K: Keys> {
    variant: Variant,
    pub(super) builder: TransactionBuilder<K>,
    pub(super) directory: Directory<K>,
    random: SplitMix64,
    /// Users to prepare.
    users: u32,
    /// Users so far.
    created: u32,
    /// Users with more than one key, once for each more.
    richer: Vec<u32>,
    /// The proofs of the preparation, where they are kept.
    kept: Vec<Batch<K>>,
}

impl<K: Keys> Messenger<K> {
    /// The directory that the simulation changes.
    #[must_use]
    pub fn directory(&self) -> &Directory<K> {
        &self.directory
    }

    pub(super) fn new(
        variant: Variant,
        users: u32,
        seed: u64,
        store: Store,
        threads: Threads,
    ) -> Result<Self> {
        let (dense, lazy) = (variant.has(Variant::DenseIndex), variant.has(Variant::Lazy));
        let mut builder = TransactionBuilder::new(Keeping { dense, lazy }, seed, users);
        let proving = match variant.has(Variant::BatchedProofs) {
            true => Proving::Together,
            false => Proving::Each,
        };
        let mut directory = Directory::open(store, proving, threads)?;
        let services = (0..SERVICES).map(|service| builder.register_service(service)).collect();
        directory.enter(services)?;
        let (random, richer, kept) = (SplitMix64::seed_from_u64(seed), Vec::new(), Vec::new());
        Ok(Self { variant, builder, directory, random, users, created: 0, richer, kept })
    }

    pub(super) fn prepare(&mut self, mut progress: impl FnMut(u32)) -> Result<Counts> {
        let _phase = tracing::info_span!("preparation").entered();
        let mut counts = Counts::default();
        let streaming = self.variant.has(Variant::Streaming);
        let chunk = if streaming { CHUNK } else { self.users };
        while self.created < self.users {
            let until = self.users.min(self.created + chunk);
            let mut transactions = room_for_transactions((until - self.created) as usize);
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

    pub(super) fn hour(&mut self) -> Result<Counts> {
        let _phase = tracing::info_span!("hour").entered();
        let batch = self.enter_hour()?;
        let transactions = batch.transactions() as u64;
        let proof_bytes = batch.encoded_bytes() as u64;
        let _phase = tracing::info_span!("verification").entered();
        batch.verify(self.directory.threads())?;
        Ok(Counts { transactions, verified: transactions, proof_bytes })
    }

    pub(super) fn enter_hour(&mut self) -> Result<Batch<K>> {
        let transactions = self.hour_transactions()?;
        let batch = self.directory.enter(transactions)?;
        self.builder.end_batch();
        Ok(batch)
    }

    // Not inlined: a budget is about the blocks that it allocates.
    #[inline(never)]
    fn hour_transactions(&mut self) -> Result<Vec<Transaction<K>>> {
        let there = self.created;
        let mut transactions = Vec::with_capacity((CREATES + ADDED_KEYS + REVOKED_KEYS) as usize);
        self.create_until(there + CREATES, &mut transactions)?;
        for _ in 0..ADDED_KEYS {
            let user = below(&mut self.random, there);
            transactions.push(self.builder.add_key(user, &self.directory)?);
            self.richer.push(user);
        }
        for _ in 0..REVOKED_KEYS {
            let at = below(&mut self.random, self.richer.len() as u32) as usize;
            let user = self.richer.swap_remove(at);
            transactions.push(self.builder.revoke_key(user, &self.directory)?);
        }
        Ok(transactions)
    }

    fn create_until(&mut self, until: u32, transactions: &mut Vec<Transaction<K>>) -> Result<()> {
        let threads = self.directory.threads();
        self.builder.create(self.created..until, threads, |made| transactions.push(made))?;
        self.created = until;
        Ok(())
    }
}

/// An empty list with room for so many transactions.
// Not inlined: a budget is about the list that it allocates.
#[inline(never)]
fn room_for_transactions<K: Keys>(number: usize) -> Vec<Transaction<K>> {
    Vec::with_capacity(number)
}
