//! The users of the simulation: a number gives an id and, with the seed, every key.

use crate::hasher::hash;

/// The id of user `user` in every simulation.
///
/// ```
/// assert_eq!(wire::user_id(7), "user-7");
/// ```
#[must_use]
pub fn id(user: u32) -> String {
    format!("user-{user}")
}

pub(crate) fn service_id(service: u32) -> String {
    format!("service-{service}")
}

/// The secret of the key that user `user` made valid with their transaction `nonce`.
pub(crate) fn secret(seed: u64, user: u32, nonce: u64) -> [u8; 32] {
    hash(&[b"user", &seed.to_le_bytes(), &user.to_le_bytes(), &nonce.to_le_bytes()])
}

pub(crate) fn service_secret(seed: u64, service: u32) -> [u8; 32] {
    hash(&[b"service", &seed.to_le_bytes(), &service.to_le_bytes()])
}
