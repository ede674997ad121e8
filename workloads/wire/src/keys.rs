//! The two forms in which Ed25519 keys are held: ready for use, or 32 bytes each.

use std::borrow::Cow;
use std::fmt;

use ed25519_consensus::{SigningKey, VerificationKey, VerificationKeyBytes};

use crate::{Error, Result};

/// How keys lie in memory. What is encoded, signed and proven is the same in both forms.
pub trait Keys: Clone + Copy + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// A public key.
    type Public: Clone + Copy + fmt::Debug + PartialEq + Send + Sync;
    /// A secret key.
    type Secret: Clone + fmt::Debug + Send + Sync;

    /// Reads a public key.
    ///
    /// # Errors
    /// [`Error::Encoding`] if the form checks keys as it reads them, and this is none.
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
    fn a_known_key() {
        let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assert_eq!(
            Expanded::bytes(&Expanded::of(&Expanded::signer(&Expanded::secret(seed)))),
            public
        );
        assert_eq!(Compact::bytes(&Compact::of(&Compact::signer(&Compact::secret(seed)))), public);
    }

    fn hex(text: &str) -> [u8; 32] {
        std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
    }
}
