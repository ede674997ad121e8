//! The two forms of Ed25519 keys in memory: ready for use, or 32 bytes each.

use std::borrow::Cow;
use std::fmt;

use ed25519_consensus::{SigningKey, VerificationKey, VerificationKeyBytes};

use crate::{Error, Result};

/// A form of keys in memory. Encodings, signatures and proofs are the same in both forms.
pub trait Keys: Clone + Copy + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// A public key.
    type Public: Clone + Copy + fmt::Debug + PartialEq + Send + Sync;
    /// A secret key.
    type Secret: Clone + fmt::Debug + Send + Sync;

    /// Reads a public key.
    ///
    /// # Errors
    /// [`Error::Encoding`] if the form checks keys as it reads them, and the bytes are no key.
    fn public(bytes: [u8; 32]) -> Result<Self::Public>;

    /// The 32 bytes of a public key.
    fn bytes(public: &Self::Public) -> [u8; 32];

    /// The secret key of a seed.
    fn secret(seed: [u8; 32]) -> Self::Secret;

    /// The key that signs.
    fn signer(secret: &Self::Secret) -> Cow<'_, SigningKey>;

    /// The public half of a signing key.
    fn of(signer: &SigningKey) -> Self::Public;
}

/// Keys as the library computes with them: points of a curve, 200 bytes a public key, 296 a secret.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expanded;

/// Keys as they are written down: 32 bytes each; they are expanded whenever they are used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compact;

impl Keys for Expanded {
    type Public = VerificationKey;
    type Secret = SigningKey;

    fn public(bytes: [u8; 32]) -> Result<Self::Public> {
        let none = |_| Error::Encoding { at: 0, what: "a public key, a point of the curve," };
        VerificationKey::try_from(bytes).map_err(none)
    }

    fn bytes(public: &Self::Public) -> [u8; 32] {
        public.to_bytes()
    }

    fn secret(seed: [u8; 32]) -> Self::Secret {
        SigningKey::from(seed)
    }

    fn signer(secret: &Self::Secret) -> Cow<'_, SigningKey> {
        Cow::Borrowed(secret)
    }

    fn of(signer: &SigningKey) -> Self::Public {
        signer.verification_key()
    }
}

impl Keys for Compact {
    type Public = VerificationKeyBytes;
    type Secret = [u8; 32];

    fn public(bytes: [u8; 32]) -> Result<Self::Public> {
        Ok(bytes.into())
    }

    fn bytes(public: &Self::Public) -> [u8; 32] {
        public.to_bytes()
    }

    fn secret(seed: [u8; 32]) -> Self::Secret {
        seed
    }

    fn signer(secret: &Self::Secret) -> Cow<'_, SigningKey> {
        Cow::Owned(SigningKey::from(*secret))
    }

    fn of(signer: &SigningKey) -> Self::Public {
        signer.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The first test of RFC 8032, section 7.1.
    #[test]
    fn both_forms_derive_the_public_key_of_rfc_8032() {
        let seed = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let public = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let expanded = Expanded::of(&Expanded::signer(&Expanded::secret(seed)));
        assert_eq!(Expanded::bytes(&expanded), public);
        let compact = Compact::of(&Compact::signer(&Compact::secret(seed)));
        assert_eq!(Compact::bytes(&compact), public);
    }

    fn bytes(hex: &str) -> [u8; 32] {
        hex::decode(hex).unwrap().try_into().unwrap()
    }
}
