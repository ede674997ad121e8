//! A batch of transactions with its proofs, for a verifier.

mod encoding;

use std::collections::BTreeMap;

use jmt::RootHash;

use crate::execution::{Execution, execute};
use crate::hasher::key_of;
use crate::operation::ServiceChallenge;
use crate::proof::{Membership, Proof};
use crate::shared;
use crate::threads::Threads;
use crate::transaction::check_all;
use crate::{Account, Error, Keys, Result, Transaction};

/// The proofs of a batch, and of the services that its transactions rely on.
#[derive(Debug)]
pub struct Batch<K: Keys> {
    /// The root before.
    pub old_root: RootHash,
    /// The root after.
    pub new_root: RootHash,
    /// Each service that admitted an account, by its id.
    pub service_proofs: BTreeMap<String, ServiceProof<K>>,
    /// The proofs of the transactions.
    pub proofs: Proofs<K>,
}

/// The proofs of the transactions of a batch.
#[derive(Debug)]
pub enum Proofs<K: Keys> {
    /// One proof for each.
    Each(Vec<Proof<K>>),
    /// One proof for all, which contains each shared part once.
    Shared(Shared<K>),
}

/// One proof for many transactions.
#[derive(Debug)]
pub struct Shared<K: Keys> {
    /// The transactions, in order.
    pub transactions: Vec<Transaction<K>>,
    /// The accounts before, encoded, in the order of their keys in the tree; `None` for new ones.
    pub accounts: Vec<Option<Vec<u8>>>,
    /// The part of the tree that was touched, in 16 sections.
    pub sections: Vec<Vec<u8>>,
}

/// The proof that a service is registered.
#[derive(Debug)]
pub struct ServiceProof<K: Keys> {
    /// The service's account.
    pub service: Account<K>,
    /// The account is in the tree before the batch.
    pub present: Membership,
}

impl<K: Keys> Batch<K> {
    /// How many transactions it proves.
    #[must_use]
    pub fn transactions(&self) -> usize {
        match &self.proofs {
            Proofs::Each(proofs) => proofs.len(),
            Proofs::Shared(shared) => shared.transactions.len(),
        }
    }

    /// Verifies everything: services, signatures, and every change from root to root. Consumes the
    /// batch, as the tree's library consumes its proofs.
    ///
    /// # Errors
    /// [`Error::Proof`], or the error of a transaction.
    pub fn verify(self, threads: &Threads) -> Result<()> {
        self.verify_services()?;
        let service = |id: &str| self.service_key(id);
        match &self.proofs {
            Proofs::Shared(shared) => check_all(&shared.transactions, threads, service)?,
            Proofs::Each(proofs) => {
                threads.try_each(proofs, |proof| proof.transaction().check(service))?;
            }
        }
        self.verify_changes(threads)
    }

    /// Verifies every change from root to root, but no signature: for a caller that has checked
    /// them.
    ///
    /// # Errors
    /// [`Error::Proof`], or the error of a transaction.
    pub fn verify_changes(self, threads: &Threads) -> Result<()> {
        match self.proofs {
            Proofs::Shared(shared) => shared.verify(self.old_root, self.new_root, threads),
            Proofs::Each(proofs) => {
                let mut root = self.old_root;
                for proof in &proofs {
                    let (old, new) = proof.roots();
                    if old != root {
                        return Err(Error::proof("a chain of roots"));
                    }
                    root = new;
                }
                if root != self.new_root {
                    return Err(Error::proof("the last root"));
                }
                threads.try_consume(proofs, Proof::verify)
            }
        }
    }

    fn verify_services(&self) -> Result<()> {
        self.service_proofs.iter().try_for_each(|(id, proof)| {
            let what = format!("service `{id}`");
            if proof.service.id != *id {
                return Err(Error::proof(what));
            }
            let value = proof.service.encode();
            let verified = proof.present.verify_existence(self.old_root, key_of(id), value);
            verified.map_err(Error::of_proof(&what))
        })
    }

    fn service_key(&self, id: &str) -> Result<K::Public> {
        let proof = self.service_proofs.get(id);
        match proof.and_then(|proof| proof.service.service_challenge.as_ref()) {
            Some(ServiceChallenge::Signed(key)) => Ok(*key),
            None => Err(Error::UnknownService { service: id.to_owned() }),
        }
    }
}

impl<K: Keys> Shared<K> {
    fn verify(&self, old_root: RootHash, new_root: RootHash, threads: &Threads) -> Result<()> {
        let mut accounts = self.accounts.iter();
        let executions = execute(&self.transactions, |_| {
            accounts.next().cloned().ok_or_else(|| Error::proof("an account before the change"))
        })?;
        if accounts.next().is_some() {
            return Err(Error::proof("as many accounts as are changed"));
        }
        let changes: Vec<_> = executions.iter().map(Execution::change).collect();
        let (old, new) = shared::roots(&self.sections, &changes, threads)?;
        match (old == old_root.0, new == new_root.0) {
            (true, true) => Ok(()),
            (false, _) => Err(Error::proof("the root before a batch")),
            (true, false) => Err(Error::proof("the root after a batch")),
        }
    }
}
