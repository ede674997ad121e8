//! An account: the keys that may sign for it, and the number of its changes.

mod encoding;

use crate::operation::{Operation, ServiceChallenge, SignedData};
use crate::{Error, Keys, Result, Transaction};

/// The most keys, and the most data, of one account.
pub const MOST: usize = u16::MAX as usize;

/// The entry of the directory under an id.
#[derive(Clone, Debug, PartialEq)]
pub struct Account<K: Keys> {
    /// Its name, 1 to 255 bytes.
    pub id: String,
    /// The number of its transactions, which is the nonce of the next one.
    pub nonce: u64,
    /// The keys that may sign; never none.
    pub valid_keys: Vec<K::Public>,
    /// Data with their signatures, in the order in which they were set.
    pub signed_data: Vec<SignedData<K>>,
    /// A service's condition for new accounts; `None` for users.
    pub service_challenge: Option<ServiceChallenge<K>>,
}

impl<K: Keys> Account<K> {
    /// The account after a transaction, whose signatures have been checked.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::UnknownAccount`], [`Error::Nonce`], [`Error::UnknownKey`],
    /// [`Error::KnownKey`], [`Error::LastKey`] or [`Error::Size`]; the account is then as it was.
    pub fn after(before: Option<Self>, transaction: &Transaction<K>) -> Result<Self> {
        match (before, &transaction.operation) {
            (None, Operation::RegisterService { challenge, key }) => {
                Self::opened(transaction, key, Some(challenge.clone()))
            }
            (None, Operation::CreateAccount { key, .. }) => Self::opened(transaction, key, None),
            (None, _) => Err(Error::unknown_account(&transaction.id)),
            (Some(mut account), _) => {
                account.change(transaction)?;
                Ok(account)
            }
        }
    }

    fn opened(
        transaction: &Transaction<K>,
        key: &K::Public,
        service_challenge: Option<ServiceChallenge<K>>,
    ) -> Result<Self> {
        let id = &transaction.id;
        size("an id, in bytes,", id.len(), 255)?;
        expect_nonce(id, transaction.nonce, 0)?;
        if transaction.key != *key {
            return Err(Error::UnknownKey { account: id.clone(), keys: 1 });
        }
        Ok(Self {
            id: id.clone(),
            nonce: 1,
            valid_keys: vec![*key],
            signed_data: Vec::new(),
            service_challenge,
        })
    }

    /// Changes the account in place.
    ///
    /// # Errors
    /// Those of [`Account::after`].
    pub fn change(&mut self, transaction: &Transaction<K>) -> Result<()> {
        if let Operation::RegisterService { .. } | Operation::CreateAccount { .. } =
            transaction.operation
        {
            return Err(Error::Exists { account: self.id.clone() });
        }
        expect_nonce(&self.id, transaction.nonce, self.nonce)?;
        self.position(&transaction.key)?;
        match &transaction.operation {
            Operation::AddKey { key } => self.add(key)?,
            Operation::RevokeKey { key } => self.revoke(key)?,
            Operation::SetData { data } => {
                size("data, in entries,", self.signed_data.len() + 1, MOST)?;
                size("data, in bytes,", data.data.len(), MOST)?;
                self.signed_data.push(data.clone());
            }
            Operation::RegisterService { .. } | Operation::CreateAccount { .. } => {}
        }
        self.nonce += 1;
        Ok(())
    }

    fn add(&mut self, key: &K::Public) -> Result<()> {
        if self.valid_keys.contains(key) {
            return Err(Error::KnownKey { account: self.id.clone() });
        }
        size("keys", self.valid_keys.len() + 1, MOST)?;
        self.valid_keys.push(*key);
        Ok(())
    }

    fn revoke(&mut self, key: &K::Public) -> Result<()> {
        let at = self.position(key)?;
        if self.valid_keys.len() == 1 {
            return Err(Error::LastKey { account: self.id.clone() });
        }
        self.valid_keys.remove(at);
        Ok(())
    }

    fn position(&self, key: &K::Public) -> Result<usize> {
        let unknown =
            || Error::UnknownKey { account: self.id.clone(), keys: self.valid_keys.len() };
        self.valid_keys.iter().position(|valid| valid == key).ok_or_else(unknown)
    }
}

fn expect_nonce(account: &str, read: u64, expected: u64) -> Result<()> {
    match read == expected {
        true => Ok(()),
        false => Err(Error::Nonce { account: account.to_owned(), read, expected }),
    }
}

fn size(what: &'static str, read: usize, allowed: usize) -> Result<()> {
    match (1..=allowed).contains(&read) {
        true => Ok(()),
        false => Err(Error::Size { what, read, allowed }),
    }
}
