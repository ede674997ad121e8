//! Real work that allocates a lot: a directory of accounts in a Jellyfish Merkle tree, in which
//! every change is signed and proven, as in <https://github.com/deltadevsde/prism> (written anew).
//!
//! Each account is created by a signed transaction: the signature is checked, the tree answers
//! with a proof that the account was not there, takes it in, and answers with one for the change
//! and one for the account. Every third account then adds a key. The proofs are kept until all of
//! them are verified at the end, as prism does with a batch.

use anyhow::Result;
use ed25519_consensus::{Signature, SigningKey, VerificationKey};
use jmt::mock::MockTreeStore;
use jmt::proof::{SparseMerkleProof, UpdateMerkleProof};
use jmt::{JellyfishMerkleTree, KeyHash, RootHash, SimpleHasher};
use sha2::Digest as _;

/// The tree's hasher; its crate knows an older version of sha2 than this workspace.
pub(crate) struct Sha256(sha2::Sha256);

impl SimpleHasher for Sha256 {
    fn new() -> Self {
        Self(sha2::Sha256::new())
    }

    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finalize(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

struct Transaction {
    account: String,
    /// The account as it is to be from now on: its keys, one after the other.
    keys: Vec<u8>,
    signer: VerificationKey,
    signature: Signature,
}

struct Proven {
    key: KeyHash,
    value: Vec<u8>,
    roots: (RootHash, RootHash),
    before: SparseMerkleProof<Sha256>,
    existed: Option<Vec<u8>>,
    update: UpdateMerkleProof<Sha256>,
    after: SparseMerkleProof<Sha256>,
}

/// Builds a directory of so many accounts and verifies it; its root.
pub(crate) fn grow(accounts: usize) -> Result<RootHash> {
    let transactions = transactions(accounts);
    let store = MockTreeStore::default();
    let tree: JellyfishMerkleTree<'_, _, Sha256> = JellyfishMerkleTree::new(&store);
    let origin = KeyHash::with::<Sha256>("origin");
    let (mut root, first) = tree.put_value_set([(origin, Some(vec![0]))], 0)?;
    store.write_tree_update_batch(first)?;
    let mut proven = Vec::new();
    for (version, transaction) in transactions.into_iter().enumerate() {
        let entry = enter(&store, &tree, root, version as u64, transaction)?;
        root = entry.roots.1;
        proven.push(entry);
    }
    proven.into_iter().try_for_each(verify)?;
    Ok(root)
}

fn transactions(accounts: usize) -> Vec<Transaction> {
    let key_of = |name: &str| SigningKey::from(<Sha256 as SimpleHasher>::hash(name));
    let signed = |account: &str, keys: Vec<u8>, by: &SigningKey| Transaction {
        account: account.to_owned(),
        signature: by.sign(&[account.as_bytes(), &keys].concat()),
        signer: by.verification_key(),
        keys,
    };
    let mut transactions = Vec::new();
    for at in 0..accounts {
        let account = format!("user-{at}@example.org");
        let key = key_of(&account);
        let first = key.verification_key().to_bytes().to_vec();
        transactions.push(signed(&account, first.clone(), &key));
        if at % 3 == 0 {
            let second = key_of(&format!("second {account}")).verification_key().to_bytes();
            transactions.push(signed(&account, [&first[..], &second].concat(), &key));
        }
    }
    transactions
}

fn enter(
    store: &MockTreeStore,
    tree: &JellyfishMerkleTree<'_, MockTreeStore, Sha256>,
    root: RootHash,
    version: u64,
    transaction: Transaction,
) -> Result<Proven> {
    let Transaction { account, keys, signer, signature } = transaction;
    signer.verify(&signature, &[account.as_bytes(), &keys].concat())?;
    let key = KeyHash::with::<Sha256>(&account);
    let (existed, before) = tree.get_with_proof(key, version)?;
    let changes = [(key, Some(keys.clone()))];
    let (new_root, update, batch) = tree.put_value_set_with_proof(changes, version + 1)?;
    store.write_tree_update_batch(batch)?;
    let (_, after) = tree.get_with_proof(key, version + 1)?;
    Ok(Proven { key, value: keys, roots: (root, new_root), before, existed, update, after })
}

fn verify(proven: Proven) -> Result<()> {
    let Proven { key, value, roots, before, existed, update, after } = proven;
    before.verify(roots.0, key, existed.as_ref())?;
    update.verify_update(roots.0, roots.1, [(key, Some(&value))])?;
    after.verify_existence(roots.1, key, &value)
}
