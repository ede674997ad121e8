//! The public key, and what it verifies.

use serde::Serialize;

use crate::bytes::{Reader, put};
use crate::scheme::{CHAINS, DIGEST, PARAMETER};
use crate::{
    DecodeError, Digest, Epoch, Lifetime, Parameter, Signature, VerifyError, compress, encoding,
    opening,
};

/// The public half of a key: a root, and the parameter and lifetime it was made with.
///
/// Its bytes are one for log2 of the lifetime, then the canonical elements of parameter and root, four
/// bytes each, the lowest byte first: 49 in all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PublicKey {
    #[serde(rename = "log_lifetime")]
    pub(crate) lifetime: Lifetime,
    pub(crate) parameter: Parameter,
    pub(crate) root: Digest,
}

impl PublicKey {
    /// How many bytes a public key has.
    pub const BYTES: usize = 1 + 4 * PARAMETER + 4 * DIGEST;

    /// The root of the tree over all epochs.
    #[must_use]
    pub const fn root(&self) -> &Digest {
        &self.root
    }

    /// The parameter of the tweakable hash.
    #[must_use]
    pub const fn parameter(&self) -> &Parameter {
        &self.parameter
    }

    /// How many epochs the key has.
    #[must_use]
    pub const fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// Checks that `signature` was made by this key in `epoch` for `message`.
    ///
    /// # Errors
    /// [`VerifyError`] if it was not. No input makes it panic.
    pub fn verify(
        &self,
        epoch: Epoch,
        message: &[u8; 32],
        signature: &Signature,
    ) -> Result<(), VerifyError> {
        let Self { lifetime, parameter, root } = self;
        if u64::from(epoch.0) >= lifetime.epochs() {
            return Err(VerifyError::OutsideLifetime { epoch, lifetime: *lifetime });
        }
        let (found, expected) = (signature.path.len(), usize::from(lifetime.log2()));
        if found != expected {
            return Err(VerifyError::PathLength { found, expected });
        }
        let codeword = encoding::codeword(parameter, epoch.0, &signature.rho, message);
        let leaf = opening::leaf(parameter, epoch.0, &codeword, &signature.hashes);
        let climbed = (1..).zip(&signature.path).fold(leaf, |node, (level, sibling)| {
            let position = (u64::from(epoch.0) >> level) as u32;
            match epoch.0 >> (level - 1) & 1 {
                0 => compress::node(parameter, level, position, &node, sibling),
                _ => compress::node(parameter, level, position, sibling, &node),
            }
        });
        if climbed == *root { Ok(()) } else { Err(VerifyError::Forged) }
    }

    /// The public key as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = Vec::with_capacity(Self::BYTES);
        bytes.push(self.lifetime.log2());
        put(&mut bytes, &self.parameter.elements());
        put(&mut bytes, &self.root.elements());
        std::array::from_fn(|index| bytes[index])
    }

    /// Reads the bytes of a public key.
    ///
    /// # Errors
    /// [`DecodeError`] if they are not 49, if the first is no lifetime, or if four others are no field
    /// element.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes, Self::BYTES)?;
        let lifetime = Lifetime::new(reader.byte()?)?;
        let parameter = Parameter::new(reader.elements()?);
        let root = Digest::new(reader.elements()?);
        Ok(Self { lifetime, parameter, root })
    }
}

const _: () = assert!(CHAINS == 22 && PublicKey::BYTES == 49);
