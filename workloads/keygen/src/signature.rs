//! A signature, and its bytes.

use serde::Serialize;

use crate::bytes::{Reader, put};
use crate::scheme::{CHAINS, RANDOMNESS};
use crate::{DecodeError, Digest, FieldElement, Lifetime};

/// A signature: randomness, a value of each of the 22 chains, and the siblings on the way to the root.
///
/// Its bytes are the canonical elements in this order, four bytes each, the lowest byte first:
/// 636 + 28 · log2(lifetime) in all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Signature {
    pub(crate) rho: [FieldElement; RANDOMNESS],
    pub(crate) hashes: [Digest; CHAINS],
    pub(crate) path: Vec<Digest>,
}

impl Signature {
    /// The randomness that was hashed with the message.
    #[must_use]
    pub const fn randomness(&self) -> &[FieldElement; RANDOMNESS] {
        &self.rho
    }

    /// The value of each chain at the position that the message's codeword says.
    #[must_use]
    pub const fn hashes(&self) -> &[Digest; CHAINS] {
        &self.hashes
    }

    /// The siblings on the way from the leaf to the root, the lowest first.
    #[must_use]
    pub fn path(&self) -> &[Digest] {
        &self.path
    }

    /// How many bytes a signature has.
    #[must_use]
    pub const fn encoded_len(lifetime: Lifetime) -> usize {
        4 * RANDOMNESS + Digest::BYTES * (CHAINS + lifetime.log2() as usize)
    }

    /// The signature as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let digests = CHAINS + self.path.len();
        let mut bytes = Vec::with_capacity(4 * RANDOMNESS + Digest::BYTES * digests);
        put(&mut bytes, &self.rho);
        for digest in self.hashes.iter().chain(&self.path) {
            put(&mut bytes, &digest.elements());
        }
        bytes
    }

    /// Reads the bytes of a signature under a key of `lifetime`.
    ///
    /// # Errors
    /// [`DecodeError`] if there are more or fewer bytes than such a signature has, or if four of them
    /// are no field element. No signature has two encodings.
    pub fn from_bytes(lifetime: Lifetime, bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes, Self::encoded_len(lifetime))?;
        let rho = reader.elements()?;
        let mut hashes = [Digest::default(); CHAINS];
        for digest in &mut hashes {
            *digest = Digest::new(reader.elements()?);
        }
        let mut path = Vec::with_capacity(usize::from(lifetime.log2()));
        for _ in 0..lifetime.log2() {
            path.push(Digest::new(reader.elements()?));
        }
        Ok(Self { rho, hashes, path })
    }
}
