//! SHA-256 for the tree, whose crate knows an older version of sha2 than this workspace.

use jmt::{KeyHash, SimpleHasher};
use sha2::Digest as _;

/// The tree's hasher.
#[derive(Clone, Debug)]
pub struct Sha256(sha2::Sha256);

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

/// The key of the account `id` in the tree.
///
/// ```
/// assert_ne!(wire::key_of("user-1"), wire::key_of("user-2"));
/// ```
#[must_use]
pub fn key_of(id: &str) -> KeyHash {
    KeyHash(hash(&[id.as_bytes()]))
}

/// The hash of `parts`, one after the other.
pub(crate) fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}
