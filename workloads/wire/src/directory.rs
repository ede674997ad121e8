//! The directory: accounts in a Merkle tree, changed by signed transactions only.

mod each;
mod overlay;
mod together;

use std::collections::{BTreeMap, HashMap};

use jmt::storage::{TreeReader as _, TreeUpdateBatch};
use jmt::{JellyfishMerkleTree, RootHash, Version};

use crate::batch::{Batch, Proofs, ServiceProof};
use crate::hasher::{Sha256, key_of};
use crate::operation::{Operation, ServiceChallenge};
use crate::proof::Membership;
use crate::shared::EMPTY;
use crate::store::Store;
use crate::threads::Threads;
use crate::transaction::check_all;
use crate::{Account, Error, Keys, Result, Transaction};

/// How the transactions of a batch are entered and proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proving {
    /// Each is a version of the tree, and has its own proof. A batch stops at the first transaction
    /// that is refused; those before it are entered.
    Each,
    /// Each changed account is a version of the tree, but they are written at once, and have one
    /// proof: all are entered, or none.
    Together,
}

/// A directory of accounts, whose keys are in memory as `K`.
///
/// ```
/// use wire::transaction_builder::{Keeping, TransactionBuilder};
/// use wire::{Compact, Directory, Proving, Store, Threads};
///
/// let threads = Threads::start(1)?;
/// let mut directory = Directory::open(Store::memory(), Proving::Together, threads)?;
/// let keeping = Keeping { dense: true, lazy: false };
/// let mut builder = TransactionBuilder::<Compact>::new(keeping, 7, 1);
/// directory.enter(vec![builder.register_service(0)])?;
///
/// let mut creation = Vec::new();
/// builder.create(0..1, directory.threads(), |transaction| creation.push(transaction))?;
/// let old_root = directory.root();
/// let batch = directory.enter(creation.clone())?;
/// assert_eq!((batch.old_root, batch.new_root), (old_root, directory.root()));
/// batch.verify(directory.threads())?;
///
/// let replayed = directory.enter(creation).unwrap_err();
/// assert_eq!(replayed.to_string(), "`user-0` exists already; choose another id");
/// # Ok::<(), wire::Error>(())
/// ```
#[derive(Debug)]
pub struct Directory<K: Keys> {
    store: Store,
    root: RootHash,
    /// The last version; `None` before the first.
    version: Option<Version>,
    /// The nodes of the last change, until they are written.
    pending: Option<TreeUpdateBatch>,
    services: HashMap<String, K::Public>,
    proving: Proving,
    threads: Threads,
}

impl<K: Keys> Directory<K> {
    /// A directory in `store`, as it was last committed there.
    ///
    /// # Errors
    /// [`Error::Damaged`] or [`Error::Store`] if the last version cannot be read.
    pub fn open(store: Store, proving: Proving, threads: Threads) -> Result<Self> {
        let last = store.last()?;
        Ok(Self {
            store,
            root: last.map_or(RootHash(EMPTY), |(_, root)| root),
            version: last.map(|(version, _)| version),
            pending: None,
            services: HashMap::new(),
            proving,
            threads,
        })
    }

    /// The root of the tree: it depends on the accounts alone, not on how they came in.
    #[must_use]
    pub fn root(&self) -> RootHash {
        self.root
    }

    /// The last version; `None` before the first.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Where the tree lies.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Gives the store back, for instance to close it.
    #[must_use]
    pub fn into_store(self) -> Store {
        self.store
    }

    /// The threads that make and verify signatures and proofs.
    #[must_use]
    pub fn threads(&self) -> &Threads {
        &self.threads
    }

    /// An account, from the tree; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Tree`] or [`Error::Damaged`] if the store cannot be read.
    pub fn account(&self, id: &str) -> Result<Option<Account<K>>> {
        let Some(version) = self.version else { return Ok(None) };
        let value = self.store.reader()?.get_value_option(version, key_of(id));
        value.map_err(Error::tree(version))?.as_deref().map(Account::decode).transpose()
    }

    /// An account with the proof that it is in the tree, or `None` with the proof that it is not.
    ///
    /// # Errors
    /// [`Error::UnknownAccount`] before the first transaction; [`Error::Tree`] if the store cannot
    /// be read.
    // Not inlined, so that allocation profiles name it.
    #[inline(never)]
    pub fn prove(&self, id: &str) -> Result<(Option<Account<K>>, Membership)> {
        let version = self.version.ok_or_else(|| Error::unknown_account(id))?;
        let reader = self.store.reader()?;
        let tree = JellyfishMerkleTree::<_, Sha256>::new(&reader);
        let (value, proof) =
            tree.get_with_proof(key_of(id), version).map_err(Error::tree(version))?;
        Ok((value.as_deref().map(Account::decode).transpose()?, proof))
    }

    /// Enters a batch: checks all signatures, changes the tree, and proves the changes.
    ///
    /// # Errors
    /// The error of the first transaction that is refused. Wrong signatures are found before
    /// anything is entered; for other errors, see [`Proving`]. A refused transaction has not
    /// changed the tree.
    pub fn enter(&mut self, transactions: Vec<Transaction<K>>) -> Result<Batch<K>> {
        self.load_services(&transactions)?;
        check_all(&transactions, &self.threads, |id| {
            let unknown = || Error::UnknownService { service: id.to_owned() };
            self.services.get(id).copied().ok_or_else(unknown)
        })?;
        let old_root = self.root;
        let service_proofs = self.prove_services(&transactions)?;
        let proofs = match self.proving {
            Proving::Each => Proofs::Each(self.enter_each(transactions)?),
            Proving::Together => Proofs::Shared(self.enter_together(transactions)?),
        };
        Ok(Batch { old_root, new_root: self.root, service_proofs, proofs })
    }

    fn load_services(&mut self, transactions: &[Transaction<K>]) -> Result<()> {
        for id in transactions.iter().filter_map(service_of) {
            if !self.services.contains_key(id) {
                let challenge = self.account(id)?.and_then(|service| service.service_challenge);
                let Some(ServiceChallenge::Signed(key)) = challenge else {
                    return Err(Error::UnknownService { service: id.to_owned() });
                };
                self.services.insert(id.to_owned(), key);
            }
        }
        Ok(())
    }

    // Not inlined, so that allocation profiles name it.
    #[inline(never)]
    fn prove_services(
        &self,
        transactions: &[Transaction<K>],
    ) -> Result<BTreeMap<String, ServiceProof<K>>> {
        let mut proofs = BTreeMap::new();
        for id in transactions.iter().filter_map(service_of) {
            if proofs.contains_key(id) {
                continue;
            }
            if let (Some(service), present) = self.prove(id)? {
                proofs.insert(id.to_owned(), ServiceProof { service, present });
            }
        }
        Ok(proofs)
    }

    fn next(&self) -> Version {
        self.version.map_or(0, |version| version + 1)
    }

    /// Writes the pending nodes, which makes `version` the last one.
    fn commit(&mut self, version: Version, root: RootHash) -> Result<()> {
        if let Some(batch) = self.pending.take() {
            self.store.commit(version, root, batch)?;
            (self.version, self.root) = (Some(version), root);
        }
        Ok(())
    }
}

fn service_of<K: Keys>(transaction: &Transaction<K>) -> Option<&str> {
    match &transaction.operation {
        Operation::CreateAccount { service, .. } => Some(service),
        _ => None,
    }
}
