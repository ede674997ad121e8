//! How large the proof of one account is.

use serde::Serialize;

use crate::hasher::key_of;
use crate::proof::membership_bytes;
use crate::user::id;
use crate::{Directory, Error, Keys, Result};

/// The size of a proof of membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Its bytes, in Borsh.
    pub bytes: u64,
    /// Its siblings: one for each bit of the path.
    pub siblings: u64,
}

/// Proves that `user` is there, verifies that, and measures the proof.
pub(crate) fn size<K: Keys>(directory: &Directory<K>, user: u32) -> Result<Size> {
    let id = id(user);
    let (account, proof) = directory.prove(&id)?;
    let account = account.ok_or_else(|| Error::unknown_account(&id))?;
    let verified = proof.verify_existence(directory.root(), key_of(&id), account.encode());
    verified.map_err(Error::of_proof(&id))?;
    let encoded = borsh::to_vec(&proof).map_err(|error| Error::of_proof(&id)(error.into()))?;
    // An option of a leaf: one byte, a key, a hash of a value; then the number of siblings.
    let siblings = encoded.get(65..69).unwrap_or_default();
    let siblings = siblings.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    Ok(Size { bytes: membership_bytes(&proof) as u64, siblings })
}
