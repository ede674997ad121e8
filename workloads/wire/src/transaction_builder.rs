//! The transaction builder of the benchmark. It has the accounts and the secret keys of all users.

use std::collections::HashMap;
use std::ops::Range;

use ed25519_consensus::SigningKey;

use crate::index::Index;
use crate::operation::{Operation, ServiceChallenge, admission};
use crate::threads::Threads;
use crate::user::{id, secret, service_id, service_secret};
use crate::{Account, Directory, Error, Keys, Result, Transaction};

/// The number of users that the threads create at once.
const TOGETHER: usize = 1000;

/// How the builder keeps its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// In lists by their number, instead of hash tables by their id.
    pub dense: bool,
    /// Not at all: users are loaded from the directory and their keys derived anew when they are
    /// needed, and both are dropped after the batch.
    pub lazy: bool,
}

/// Makes transactions, and keeps the users for the next ones.
#[derive(Debug)]
pub struct TransactionBuilder<K: Keys> {
    accounts: Index<Account<K>>,
    service_keys: HashMap<String, SigningKey>,
    account_keys: Index<Vec<K::Secret>>,
    keeping: Keeping,
    seed: u64,
}

impl<K: Keys> TransactionBuilder<K> {
    /// A builder for about `users` users, whose keys come from `seed`.
    #[must_use]
    pub fn new(keeping: Keeping, seed: u64, users: u32) -> Self {
        let room = if keeping.lazy { 0 } else { users as usize };
        let dense = keeping.dense;
        Self {
            accounts: if dense { Index::dense(room) } else { Index::hashed() },
            service_keys: HashMap::new(),
            account_keys: if dense { Index::dense(room) } else { Index::hashed() },
            keeping,
            seed,
        }
    }

    /// Registers a service, and keeps its key.
    #[must_use]
    pub fn register_service(&mut self, service: u32) -> Transaction<K> {
        let by = SigningKey::from(service_secret(self.seed, service));
        let (challenge, key) = (ServiceChallenge::Signed(K::of(&by)), K::of(&by));
        let operation = Operation::RegisterService { challenge, key };
        let transaction = Transaction::sign(service_id(service), 0, operation, &by);
        self.service_keys.insert(service_id(service), by);
        transaction
    }

    /// Creates users, each admitted by the service of their number modulo the number of services.
    /// `push` takes the transactions in the users' order.
    ///
    /// # Errors
    /// [`Error::UnknownService`] if no service was registered.
    pub fn create(
        &mut self,
        users: Range<u32>,
        threads: &Threads,
        mut push: impl FnMut(Transaction<K>),
    ) -> Result<()> {
        let users: Vec<u32> = users.collect();
        for some in users.chunks(TOGETHER) {
            for made in threads.map(some, |&user| self.creation(user)) {
                let (user, secret, transaction) = made?;
                self.keep(user, secret, &transaction)?;
                push(transaction);
            }
        }
        Ok(())
    }

    // Not inlined: a budget is about the blocks that it allocates.
    #[inline(never)]
    fn creation(&self, user: u32) -> Result<(u32, K::Secret, Transaction<K>)> {
        let id = id(user);
        let service = service_id(user % self.service_keys.len().max(1) as u32);
        let unknown = || Error::UnknownService { service: service.clone() };
        let admitting = self.service_keys.get(&service).ok_or_else(unknown)?;
        let secret = K::secret(secret(self.seed, user, 0));
        let by = K::signer(&secret);
        let key = K::of(&by);
        let admission = admitting.sign(&admission(&id, &service, &K::bytes(&key)));
        let operation = Operation::CreateAccount { service, admission, key };
        let transaction = Transaction::sign(id, 0, operation, &by);
        Ok((user, secret, transaction))
    }

    fn keep(&mut self, user: u32, secret: K::Secret, transaction: &Transaction<K>) -> Result<()> {
        if !self.keeping.lazy {
            self.keep_account(user, || Account::after(None, transaction))?;
            self.keep_keys(user, secret);
        }
        Ok(())
    }

    /// Makes the account and keeps it. It is made here, so that all of its blocks are below this
    /// function in a profile.
    // Not inlined: a budget is about the blocks that it allocates.
    #[inline(never)]
    fn keep_account(
        &mut self,
        user: u32,
        account: impl FnOnce() -> Result<Account<K>>,
    ) -> Result<()> {
        self.accounts.insert(user, account()?);
        Ok(())
    }

    /// Keeps a user's first key; returns how many users have keys. With nothing to do after the
    /// insertion, this function would not be on its stack, and no profile would name it.
    #[inline(never)]
    fn keep_keys(&mut self, user: u32, first: K::Secret) -> usize {
        self.account_keys.insert(user, vec![first]);
        self.account_keys.len()
    }

    /// Adds a key to a user; signed with their first one.
    ///
    /// # Errors
    /// [`Error::UnknownAccount`], or those of [`Directory::account`].
    pub fn add_key(&mut self, user: u32, directory: &Directory<K>) -> Result<Transaction<K>> {
        let seed = self.seed;
        self.load(user, directory)?;
        let nonce = self.account(user)?.nonce;
        let secret = K::secret(secret(seed, user, nonce));
        let key = K::of(&K::signer(&secret));
        let transaction = self.sign(user, Operation::AddKey { key })?;
        self.keys(user)?.push(secret);
        Ok(transaction)
    }

    /// Revokes the newest key of a user, even if it is the last one, which the directory refuses.
    ///
    /// # Errors
    /// Those of [`TransactionBuilder::add_key`].
    pub fn revoke_key(&mut self, user: u32, directory: &Directory<K>) -> Result<Transaction<K>> {
        self.load(user, directory)?;
        let account = self.account(user)?;
        let newest = account.valid_keys.last().copied();
        let key = newest.ok_or_else(|| Error::unknown_account(&id(user)))?;
        let transaction = self.sign(user, Operation::RevokeKey { key })?;
        // The first one signs, and stays; a lazy builder may not have loaded the one that goes.
        let keys = self.keys(user)?;
        if keys.len() > 1 {
            keys.pop();
        }
        Ok(transaction)
    }

    /// The number of accounts that it keeps.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.accounts.len()
    }

    /// Drops the users that a lazy builder keeps during a batch.
    pub fn end_batch(&mut self) {
        if self.keeping.lazy {
            self.accounts.clear();
            self.account_keys.clear();
        }
    }

    fn load(&mut self, user: u32, directory: &Directory<K>) -> Result<()> {
        if self.keeping.lazy && self.accounts.get_mut(user).is_none() {
            let account = directory.account(&id(user))?;
            let account = account.ok_or_else(|| Error::unknown_account(&id(user)))?;
            self.keep_account(user, || Ok(account))?;
            let first = K::secret(secret(self.seed, user, 0));
            self.keep_keys(user, first);
        }
        Ok(())
    }

    /// Signs with the user's first key, and applies the transaction to the user's account.
    fn sign(&mut self, user: u32, operation: Operation<K>) -> Result<Transaction<K>> {
        let by = self.first(user)?;
        let account = self.account(user)?;
        let transaction = Transaction::sign(id(user), account.nonce, operation, &by);
        // A transaction that the directory will refuse is made all the same.
        let _refused = account.change(&transaction);
        Ok(transaction)
    }

    fn first(&mut self, user: u32) -> Result<SigningKey> {
        let first = self.keys(user)?.first().map(|first| K::signer(first).into_owned());
        first.ok_or_else(|| Error::unknown_account(&id(user)))
    }

    fn account(&mut self, user: u32) -> Result<&mut Account<K>> {
        self.accounts.get_mut(user).ok_or_else(|| Error::unknown_account(&id(user)))
    }

    fn keys(&mut self, user: u32) -> Result<&mut Vec<K::Secret>> {
        self.account_keys.get_mut(user).ok_or_else(|| Error::unknown_account(&id(user)))
    }
}
