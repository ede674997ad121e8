//! The effect of transactions on accounts: computed to change the tree, and again to verify a
//! change.

use jmt::KeyHash;

use crate::hasher::{hash, key_of};
use crate::shared::Change;
use crate::{Account, Keys, Result, Transaction};

/// One account, before and after the transactions on it.
#[derive(Debug)]
pub(crate) struct Execution {
    pub(crate) key: KeyHash,
    pub(crate) before: Option<Vec<u8>>,
    pub(crate) after: Vec<u8>,
}

impl Execution {
    pub(crate) fn change(&self) -> Change {
        let value_hash = |value: &[u8]| hash(&[value]);
        Change {
            key: self.key.0,
            before: self.before.as_deref().map(value_hash),
            after: value_hash(&self.after),
        }
    }
}

/// Executes the transactions account by account, in the order of the tree; `load` returns an
/// account as it was before.
pub(crate) fn execute<K: Keys>(
    transactions: &[Transaction<K>],
    mut load: impl FnMut(KeyHash) -> Result<Option<Vec<u8>>>,
) -> Result<Vec<Execution>> {
    let keyed = |(at, transaction): (usize, &Transaction<K>)| (key_of(&transaction.id), at);
    let mut order: Vec<_> = transactions.iter().enumerate().map(keyed).collect();
    order.sort_unstable();
    order
        .chunk_by(|one, other| one.0 == other.0)
        .map(|on_one| {
            let key = on_one[0].0;
            let before = load(key)?;
            let first = before.as_deref().map(Account::<K>::decode).transpose()?;
            let account = on_one.iter().try_fold(first, |account, &(_, at)| {
                Account::after(account, &transactions[at]).map(Some)
            })?;
            let after = account.map(|account| account.encode()).unwrap_or_default();
            Ok(Execution { key, before, after })
        })
        .collect()
}
