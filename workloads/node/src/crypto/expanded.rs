//! A transaction's signatures with everything in them decoded: what lazy decompression
//! saves.

use monero_clsag::{Clsag, ClsagError};
use monero_ed25519::{CompressedPoint, Point};

use super::ring;
use crate::transaction::{Input, Private};
use crate::{Error, Result, Transaction, curve};

/// Every scalar of the signatures read, and every point of the rings decompressed.
#[derive(Clone, Debug)]
pub struct Expanded {
    inputs: Box<[Decoded]>,
}

#[derive(Clone, Debug)]
struct Decoded {
    signature: Clsag,
    ring: Box<[[Point; 2]]>,
    image: Point,
    pseudo_output: Point,
}

impl Expanded {
    /// Expands all signatures of a transaction; minting has none.
    ///
    /// # Errors
    /// [`Error::Signature`] if a scalar is not reduced or a point is none of the curve.
    pub fn of(transaction: &Transaction) -> Result<Self> {
        let inputs = transaction.inputs().iter().enumerate().map(|(input, one)| {
            Decoded::of(one).map_err(|source| Error::Signature { input, source })
        });
        Ok(Self { inputs: inputs.collect::<Result<_>>()? })
    }

    /// Verifies the signatures of the transaction that this was expanded from.
    ///
    /// # Errors
    /// [`Error::Signature`] if one does not hold.
    pub fn verify(&self, private: &Private) -> Result<()> {
        let message = ring::message(private);
        for (input, decoded) in self.inputs.iter().enumerate() {
            decoded.verify(&message).map_err(|source| Error::Signature { input, source })?;
        }
        Ok(())
    }

    /// The bytes on the heap that this value owns, beside itself.
    pub fn heap_size(&self) -> usize {
        let each = self
            .inputs
            .iter()
            .map(|decoded| size_of_val(&*decoded.ring) + decoded.signature.s.capacity() * 32);
        size_of_val(&*self.inputs) + each.sum::<usize>()
    }
}

impl Decoded {
    fn of(input: &Input) -> Result<Self, ClsagError> {
        let ring = input.ring().iter().map(|member| {
            Some([curve::decompress(&member.target_key)?, curve::decompress(&member.commitment)?])
        });
        Ok(Self {
            signature: ring::decode(input)?,
            ring: ring.collect::<Option<_>>().ok_or(ClsagError::InvalidRing)?,
            image: curve::decompress(input.key_image()).ok_or(ClsagError::InvalidImage)?,
            pseudo_output: curve::decompress(input.pseudo_output())
                .ok_or(ClsagError::InvalidCommitment)?,
        })
    }

    /// The library takes compressed points and decompresses them itself.
    fn verify(&self, message: &[u8; 32]) -> Result<(), ClsagError> {
        let ring = self.ring.iter().map(|[key, amount]| [key.compress(), amount.compress()]);
        let image: CompressedPoint = self.image.compress();
        self.signature.verify(ring.collect(), &image, &self.pseudo_output.compress(), message)
    }
}
