//! Workload: proofs that accounts are in the directory, and how large they are.

use serde::Serialize;

use crate::hasher::key_of;
use crate::proof::{Membership, membership_bytes};
use crate::user::id;
pub use crate::workload::Params;
use crate::workload::Setup;
use crate::{Directory, Error, Keys, Result};

/// How many accounts are proven, or all if there are fewer.
const PROOFS: u32 = 100;

/// The size of a proof of membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Its bytes, in Borsh.
    pub bytes: u64,
    /// Its siblings: one for each bit of the path.
    pub siblings: u64,
}

/// What was proven.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The root, in hex.
    pub root: String,
    /// Proofs made and verified.
    pub proofs: u32,
    /// Their bytes together.
    pub bytes: u64,
    /// Their siblings together.
    pub siblings: u64,
    #[serde(skip)]
    _kept: Setup,
}

/// Creates the accounts; the work proves a hundred of them, evenly spread, and verifies each proof.
/// `hours` is not used.
///
/// # Errors
/// If there is no temporary folder or the threads do not start.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let setup = Setup::prepared(params)?;
    Ok(move || {
        let proofs = params.accounts.min(PROOFS);
        let (mut bytes, mut siblings) = (0, 0);
        for proof in 0..proofs {
            let user = u64::from(proof) * u64::from(params.accounts) / u64::from(proofs);
            let size = setup.simulation.membership(user as u32)?;
            bytes += size.bytes;
            siblings += size.siblings;
        }
        Ok(Answer { root: setup.root(), proofs, bytes, siblings, _kept: setup })
    })
}

/// Proves that `user` is there, verifies that, and measures the proof.
#[inline(never)]
pub(crate) fn size<K: Keys>(directory: &Directory<K>, user: u32) -> Result<Size> {
    let id = id(user);
    let (account, proof) = directory.prove(&id)?;
    let account = account.ok_or_else(|| Error::unknown_account(&id))?;
    let verified = proof.verify_existence(directory.root(), key_of(&id), account.encode());
    verified.map_err(Error::of_proof(&id))?;
    let encoded = encoded(&proof).map_err(|error| Error::of_proof(&id)(error.into()))?;
    // An option of a leaf: one byte, a key, a hash of a value; then the number of siblings.
    let siblings = encoded.get(65..69).unwrap_or_default();
    let siblings = siblings.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    Ok(Size { bytes: encoded.len() as u64, siblings })
}

/// A block as large as the proof.
#[inline(never)]
fn encoded(proof: &Membership) -> std::io::Result<Vec<u8>> {
    let mut to = Vec::with_capacity(membership_bytes(proof));
    borsh::to_writer(&mut to, proof)?;
    Ok(to)
}
