//! A version and a proof for each transaction.

use jmt::proof::UpdateMerkleProof;
use jmt::{JellyfishMerkleTree, KeyHash, RootHash};

use super::Directory;
use crate::hasher::{Sha256, key_of};
use crate::proof::{Insert, Proof, Update};
use crate::{Account, Error, Keys, Result, Transaction};

impl<K: Keys> Directory<K> {
    // Not inlined, so that allocation profiles name it.
    #[inline(never)]
    pub(super) fn enter_each(
        &mut self,
        transactions: Vec<Transaction<K>>,
    ) -> Result<Vec<Proof<K>>> {
        let mut proofs = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            proofs.push(self.enter_one(transaction)?);
        }
        Ok(proofs)
    }

    fn enter_one(&mut self, transaction: Transaction<K>) -> Result<Proof<K>> {
        if self.version.is_none() {
            self.begin()?;
        }
        let (before, shown) = self.prove(&transaction.id)?;
        let account = Account::after(before.clone(), &transaction)?;
        let (old_root, version) = (self.root, self.next());
        let (new_root, update) = self.put(key_of(&account.id), account.encode())?;
        self.commit(version, new_root)?;
        Ok(match before {
            Some(old_account) => Proof::Update(Box::new(Update {
                old_root,
                new_root,
                transaction,
                old_account,
                present: shown,
                update,
            })),
            None => {
                let (_, present) = self.prove(&transaction.id)?;
                Proof::Insert(Box::new(Insert {
                    old_root,
                    new_root,
                    transaction,
                    absent: shown,
                    update,
                    present,
                }))
            }
        })
    }

    /// An empty version, so that the first account can be proven not to be there.
    fn begin(&mut self) -> Result<()> {
        let nothing: [(KeyHash, Option<Vec<u8>>); 0] = [];
        let reader = self.store.reader()?;
        let tree = JellyfishMerkleTree::<_, Sha256>::new(&reader);
        let (root, batch) = tree.put_value_set(nothing, 0).map_err(Error::tree(0))?;
        drop(reader);
        self.pending = Some(batch);
        self.commit(0, root)
    }

    /// Leaves the nodes in the pending batch.
    // Not inlined, so that allocation profiles name it.
    #[inline(never)]
    fn put(
        &mut self,
        key: KeyHash,
        value: Vec<u8>,
    ) -> Result<(RootHash, UpdateMerkleProof<Sha256>)> {
        let version = self.next();
        let reader = self.store.reader()?;
        let tree = JellyfishMerkleTree::<_, Sha256>::new(&reader);
        let put = tree.put_value_set_with_proof([(key, Some(value))], version);
        let (root, proof, batch) = put.map_err(Error::tree(version))?;
        drop(reader);
        self.pending = Some(batch);
        Ok((root, proof))
    }
}
