//! The proof of one change, which the plain design makes for every transaction.

use std::io;

use jmt::RootHash;
use jmt::proof::{SparseMerkleProof, UpdateMerkleProof};

use crate::hasher::{Sha256, key_of};
use crate::{Account, Error, Keys, Result, Transaction};

/// The proof that an account was, or was not, in a tree.
pub type Membership = SparseMerkleProof<Sha256>;

/// The proof that one transaction turned one root into the next.
#[derive(Debug)]
pub enum Proof<K: Keys> {
    /// A new account.
    Insert(Box<Insert<K>>),
    /// A changed account.
    Update(Box<Update<K>>),
}

/// The proof of a new account.
#[derive(Debug)]
pub struct Insert<K: Keys> {
    /// The root before.
    pub old_root: RootHash,
    /// The root after.
    pub new_root: RootHash,
    /// The transaction.
    pub transaction: Transaction<K>,
    /// The account was not in the tree before.
    pub absent: Membership,
    /// No other account has changed.
    pub update: UpdateMerkleProof<Sha256>,
    /// The account is in the tree after.
    pub present: Membership,
}

/// The proof of a changed account.
#[derive(Debug)]
pub struct Update<K: Keys> {
    /// The root before.
    pub old_root: RootHash,
    /// The root after.
    pub new_root: RootHash,
    /// The transaction.
    pub transaction: Transaction<K>,
    /// The account before.
    pub old_account: Account<K>,
    /// That account was in the tree.
    pub present: Membership,
    /// No other account has changed.
    pub update: UpdateMerkleProof<Sha256>,
}

impl<K: Keys> Proof<K> {
    /// The roots before and after.
    #[must_use]
    pub fn roots(&self) -> (RootHash, RootHash) {
        match self {
            Self::Insert(proof) => (proof.old_root, proof.new_root),
            Self::Update(proof) => (proof.old_root, proof.new_root),
        }
    }

    /// The transaction.
    #[must_use]
    pub fn transaction(&self) -> &Transaction<K> {
        match self {
            Self::Insert(proof) => &proof.transaction,
            Self::Update(proof) => &proof.transaction,
        }
    }

    /// Executes the transaction anew and compares with both roots. The signatures are not checked
    /// here, but by [`Transaction::check`].
    ///
    /// # Errors
    /// [`Error::Proof`], or the error of the transaction.
    pub fn verify(self) -> Result<()> {
        let what =
            format!("transaction {} on `{}`", self.transaction().nonce, self.transaction().id);
        let wrong = |error| Error::of_proof(&what)(error);
        let key = key_of(&self.transaction().id);
        match self {
            Self::Insert(proof) => {
                let Insert { old_root, new_root, transaction, absent, update, present } = *proof;
                let value = Account::after(None, &transaction)?.encode();
                absent.verify_nonexistence(old_root, key).map_err(wrong)?;
                update.verify_update(old_root, new_root, [(key, Some(&value))]).map_err(wrong)?;
                present.verify_existence(new_root, key, &value).map_err(wrong)
            }
            Self::Update(proof) => {
                let Update { old_root, new_root, transaction, old_account, present, update } =
                    *proof;
                present.verify_existence(old_root, key, old_account.encode()).map_err(wrong)?;
                let value = Account::after(Some(old_account), &transaction)?.encode();
                update.verify_update(old_root, new_root, [(key, Some(&value))]).map_err(wrong)
            }
        }
    }

    /// Writes the proof.
    pub(crate) fn encode(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let (old_root, new_root) = self.roots();
        to.extend_from_slice(&old_root.0);
        to.extend_from_slice(&new_root.0);
        self.transaction().encode(to);
        match self {
            Self::Insert(proof) => {
                borsh::to_writer(&mut *to, &proof.absent)?;
                borsh::to_writer(&mut *to, &proof.update)?;
                borsh::to_writer(to, &proof.present)
            }
            Self::Update(proof) => {
                to.extend_from_slice(&proof.old_account.encode());
                borsh::to_writer(&mut *to, &proof.present)?;
                borsh::to_writer(to, &proof.update)
            }
        }
    }

    /// The bytes of the proof on the wire: both roots, the transaction, the account before, and the
    /// tree's proofs in Borsh.
    #[must_use]
    pub fn encoded_bytes(&self) -> usize {
        let roots = 2 * 32;
        match self {
            Self::Insert(proof) => {
                roots
                    + proof.transaction.encoded_bytes()
                    + membership_bytes(&proof.absent)
                    + update_bytes(&proof.update)
                    + membership_bytes(&proof.present)
            }
            Self::Update(proof) => {
                roots
                    + proof.transaction.encoded_bytes()
                    + proof.old_account.encoded_bytes()
                    + membership_bytes(&proof.present)
                    + update_bytes(&proof.update)
            }
        }
    }
}

/// The bytes of a proof of the tree, in Borsh.
#[must_use]
pub fn membership_bytes(proof: &Membership) -> usize {
    borsh::object_length(proof).unwrap_or_default()
}

fn update_bytes(proof: &UpdateMerkleProof<Sha256>) -> usize {
    borsh::object_length(proof).unwrap_or_default()
}
