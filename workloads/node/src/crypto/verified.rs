//! The type of transactions that were verified.

use std::sync::Arc;

use super::{balance, ring};
use crate::{Error, Result, Rules, Transaction};

/// A transaction whose signatures, work and amounts hold. Clones share it.
#[derive(Clone, Debug)]
pub struct Verified(Arc<Transaction>);

impl Verified {
    /// Verifies all that can be verified without the chain: first what is cheap.
    ///
    /// # Errors
    /// [`Error::Invalid`] or [`Error::Signature`], with the rule that is broken.
    pub fn check(transaction: Arc<Transaction>, rules: &Rules) -> Result<Self> {
        let _span = tracing::info_span!("verify").entered();
        check(&transaction, rules)?;
        Ok(Self(transaction))
    }

    /// Takes a transaction as verified that the caller has verified before, such as one that it reads back from
    /// a store of its own. Nothing is checked.
    pub fn assume(transaction: Arc<Transaction>) -> Self {
        Self(transaction)
    }

    /// The transaction.
    pub fn transaction(&self) -> &Arc<Transaction> {
        &self.0
    }

    /// The same in memory of its own: what block building costs without sharing.
    pub fn deep_clone(&self) -> Self {
        Self(Arc::new(Transaction::clone(&self.0)))
    }
}

impl std::ops::Deref for Verified {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.0
    }
}

pub(super) fn check(transaction: &Transaction, rules: &Rules) -> Result<()> {
    let private = match transaction {
        Transaction::Private(private) => private,
        Transaction::Minting(minting) => return balance::check_minting(minting, rules),
    };
    balance::check(private, rules)?;
    let message = ring::message(private);
    for (input, one) in private.inputs().iter().enumerate() {
        ring::verify(one, &message).map_err(|source| Error::Signature { input, source })?;
    }
    Ok(())
}
