//! The operations on accounts.

use ed25519_consensus::Signature;

use crate::Keys;
use crate::fields::{put_text, put_u16};

/// One change of the directory.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation<K: Keys> {
    /// Opens an account of a service. The creation of each user's account contains a signature that
    /// `challenge` demands.
    RegisterService {
        /// The key whose signature admits accounts.
        challenge: ServiceChallenge<K>,
        /// The first valid key.
        key: K::Public,
    },
    /// Opens an account of a user.
    CreateAccount {
        /// The service that admits it.
        service: String,
        /// The service's signature over [`admission`].
        admission: Signature,
        /// The first valid key; it signs the transaction.
        key: K::Public,
    },
    /// Makes another key valid.
    AddKey {
        /// The key.
        key: K::Public,
    },
    /// Makes a key invalid.
    RevokeKey {
        /// The key.
        key: K::Public,
    },
    /// Appends data, signed on its own.
    SetData {
        /// The data and their signature.
        data: SignedData<K>,
    },
}

/// The condition of a service for new accounts.
#[derive(Clone, Debug, PartialEq)]
pub enum ServiceChallenge<K: Keys> {
    /// A signature by this key.
    Signed(K::Public),
}

/// Data with a signature.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedData<K: Keys> {
    /// The key that signed.
    pub key: K::Public,
    /// At most 65,535 bytes.
    pub data: Vec<u8>,
    /// The signature over `data`.
    pub signature: Signature,
}

/// The message that a service signs to admit the account `id` with its first key.
#[must_use]
pub fn admission(id: &str, service: &str, key: &[u8; 32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(id.len() + service.len() + 44);
    bytes.extend_from_slice(b"admission/1");
    put_text(&mut bytes, id);
    put_text(&mut bytes, service);
    bytes.extend_from_slice(key);
    bytes
}

impl<K: Keys> Operation<K> {
    pub(crate) fn encode(&self, to: &mut Vec<u8>) {
        match self {
            Self::RegisterService { challenge: ServiceChallenge::Signed(by), key } => {
                to.push(0);
                to.extend_from_slice(&K::bytes(by));
                to.extend_from_slice(&K::bytes(key));
            }
            Self::CreateAccount { service, admission, key } => {
                to.push(1);
                put_text(to, service);
                to.extend_from_slice(&admission.to_bytes());
                to.extend_from_slice(&K::bytes(key));
            }
            Self::AddKey { key } => {
                to.push(2);
                to.extend_from_slice(&K::bytes(key));
            }
            Self::RevokeKey { key } => {
                to.push(3);
                to.extend_from_slice(&K::bytes(key));
            }
            Self::SetData { data } => {
                to.push(4);
                data.encode(to);
            }
        }
    }

    pub(crate) fn encoded_bytes(&self) -> usize {
        match self {
            Self::RegisterService { .. } => 65,
            Self::CreateAccount { service, .. } => 1 + 1 + service.len() + 64 + 32,
            Self::AddKey { .. } | Self::RevokeKey { .. } => 33,
            Self::SetData { data } => 1 + data.encoded_bytes(),
        }
    }
}

impl<K: Keys> SignedData<K> {
    pub(crate) fn encode(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&K::bytes(&self.key));
        put_u16(to, self.data.len());
        to.extend_from_slice(&self.data);
        to.extend_from_slice(&self.signature.to_bytes());
    }

    pub(crate) fn encoded_bytes(&self) -> usize {
        32 + 2 + self.data.len() + 64
    }
}
