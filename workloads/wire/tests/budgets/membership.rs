//! Workload: proofs that accounts are in the directory, and how large the proofs are.

use serde::Serialize;
use wire::proof::{Membership, membership_bytes};
use wire::{Directory, Error, Keys, Simulation, key_of, user_id};

pub(crate) use crate::setup::Params;
use crate::setup::Setup;

/// How many accounts are proven, or all if there are fewer.
const PROOFS: u32 = 100;

/// The work's result.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The root, in hex.
    pub(crate) root: String,
    /// Proofs made and verified.
    pub(crate) proofs: u32,
    /// Their bytes together.
    pub(crate) bytes: u64,
    /// Their siblings together.
    pub(crate) siblings: u64,
    #[serde(skip)]
    _kept: Setup,
}

/// Creates the accounts; the work proves a hundred of them, evenly spread, and verifies each proof.
/// `hours` is not used.
///
/// # Errors
/// If there is no temporary folder or the threads do not start.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let setup = Setup::prepared(params)?;
    Ok(move || {
        let proofs = params.accounts.min(PROOFS);
        let (mut bytes, mut siblings) = (0, 0);
        for proof in 0..proofs {
            let user = u64::from(proof) * u64::from(params.accounts) / u64::from(proofs);
            let size = match &setup.simulation {
                Simulation::Expanded(messenger) => size(messenger.directory(), user as u32)?,
                Simulation::Compact(messenger) => size(messenger.directory(), user as u32)?,
            };
            bytes += size.bytes;
            siblings += size.siblings;
        }
        Ok(Output { root: setup.root(), proofs, bytes, siblings, _kept: setup })
    })
}

/// The size of a proof of membership.
struct Size {
    /// Its bytes, in Borsh.
    bytes: u64,
    /// Its siblings: one for each bit of the path.
    siblings: u64,
}

/// Proves that `user` is in the directory, verifies the proof, and measures it.
fn size<K: Keys>(directory: &Directory<K>, user: u32) -> wire::Result<Size> {
    let id = user_id(user);
    let wrong = |source| Error::Proof { what: id.clone(), source: Some(source) };
    let (account, proof) = directory.prove(&id)?;
    let account = account.ok_or_else(|| Error::UnknownAccount { account: id.clone() })?;
    proof.verify_existence(directory.root(), key_of(&id), account.encode()).map_err(wrong)?;
    let encoded = encoded(&proof).map_err(|error| wrong(error.into()))?;
    // An option of a leaf: one byte, a key, a hash of a value; then the number of siblings.
    let siblings = encoded.get(65..69).unwrap_or_default();
    let siblings = siblings.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    Ok(Size { bytes: encoded.len() as u64, siblings })
}

/// A block as large as the proof.
// Not inlined: a budget is about the block that it allocates.
#[inline(never)]
fn encoded(proof: &Membership) -> std::io::Result<Vec<u8>> {
    let mut to = Vec::with_capacity(membership_bytes(proof));
    borsh::to_writer(&mut to, proof)?;
    Ok(to)
}
