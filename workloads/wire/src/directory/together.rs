//! One commit and one proof for a whole batch.

use jmt::storage::TreeReader as _;
use jmt::{JellyfishMerkleTree, KeyHash, RootHash, Version};

use super::Directory;
use super::overlay::Overlay;
use crate::batch::Shared;
use crate::execution::{Execution, execute};
use crate::hasher::Sha256;
use crate::{Error, Keys, Result, Transaction, shared};

impl<K: Keys> Directory<K> {
    // Not inlined, so that allocation profiles name it.
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
            values.push((key, after));
        }
        if let Some((version, root)) = self.put_all(values)? {
            self.commit(version, root)?;
        }
        Ok(Shared { transactions, accounts, sections })
    }

    fn execute(&self, transactions: &[Transaction<K>]) -> Result<Vec<Execution>> {
        let reader = self.store.reader()?;
        execute(transactions, |key| match self.version {
            None => Ok(None),
            Some(version) => reader.get_value_option(version, key).map_err(Error::tree(version)),
        })
    }

    /// Leaves the nodes in the pending batch; the last version in it, with its root.
    // Not inlined: a budget is about the blocks that it allocates.
    #[inline(never)]
    fn put_all(&mut self, values: Vec<(KeyHash, Vec<u8>)>) -> Result<Option<(Version, RootHash)>> {
        let _phase = tracing::info_span!("tree_update").entered();
        let mut overlay = Overlay::new(self.store.reader()?);
        let (first, mut last) = (self.next(), None);
        for (version, (key, value)) in (first..).zip(values) {
            let tree = JellyfishMerkleTree::<_, Sha256>::new(&overlay);
            let put = tree.put_value_set([(key, Some(value))], version);
            let (root, batch) = put.map_err(Error::tree(version))?;
            overlay.add(batch);
            last = Some((version, root));
        }
        self.pending = Some(overlay.into_batch());
        Ok(last)
    }
}
