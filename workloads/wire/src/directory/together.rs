//! One version and one proof for a whole batch.

use jmt::storage::TreeReader as _;
use jmt::{JellyfishMerkleTree, KeyHash, RootHash};

use super::Directory;
use crate::batch::Shared;
use crate::execution::{Execution, execute};
use crate::hasher::Sha256;
use crate::{Error, Keys, Result, Transaction, shared};

impl<K: Keys> Directory<K> {
    #[inline(never)]
    pub(super) fn enter_together(
        &mut self,
        transactions: Vec<Transaction<K>>,
    ) -> Result<Shared<K>> {
        let executions = self.execute(&transactions)?;
        let keys: Vec<KeyHash> = executions.iter().map(|execution| execution.key).collect();
        let sections = shared::build(&self.store, self.version, &keys, &self.threads)?;
        let mut accounts = Vec::with_capacity(executions.len());
        let mut values = Vec::with_capacity(executions.len());
        for Execution { key, before, after } in executions {
            accounts.push(before);
            values.push((key, Some(after)));
        }
        if !values.is_empty() {
            let version = self.next();
            let root = self.put_all(values)?;
            self.commit(version, root)?;
        }
        Ok(Shared { transactions, accounts, sections })
    }

    #[inline(never)]
    fn execute(&self, transactions: &[Transaction<K>]) -> Result<Vec<Execution>> {
        let reader = self.store.reader()?;
        execute(transactions, |key| match self.version {
            None => Ok(None),
            Some(version) => reader.get_value_option(version, key).map_err(Error::tree(version)),
        })
    }

    /// Leaves the nodes in the pending batch.
    #[inline(never)]
    fn put_all(&mut self, values: Vec<(KeyHash, Option<Vec<u8>>)>) -> Result<RootHash> {
        let version = self.next();
        let reader = self.store.reader()?;
        let tree = JellyfishMerkleTree::<_, Sha256>::new(&reader);
        let (root, batch) = tree.put_value_set(values, version).map_err(Error::tree(version))?;
        drop(reader);
        self.pending = Some(batch);
        Ok(root)
    }
}
