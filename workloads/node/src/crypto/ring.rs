//! Ring signatures: CLSAG (Goodell, Noether and RandomRun, ePrint 2019/654), as Monero has it.

use monero_clsag::{Clsag, ClsagError};
use monero_ed25519::CompressedPoint;

use crate::signing;
use crate::transaction::{Input, Member, Private};
use crate::{Error, Result};

/// Verifies the signature of one input of `private`.
///
/// # Errors
/// [`Error::Signature`] if it does not hold, or there is no such input.
pub fn verify_ring(private: &Private, input: usize) -> Result<()> {
    let message = message(private);
    let one = private.inputs().get(input);
    let one = one.ok_or_else(|| Error::invalid(format!("it has no input {input}")))?;
    verify(one, &message).map_err(|source| Error::Signature { input, source })
}

pub(super) fn message(private: &Private) -> [u8; 32] {
    let rings: Vec<&[Member]> = private.inputs().iter().map(Input::ring).collect();
    signing::message(private.fee(), &rings, private.outputs())
}

pub(super) fn verify(input: &Input, message: &[u8; 32]) -> Result<(), ClsagError> {
    let compressed = |bytes: [u8; 32]| CompressedPoint::from(bytes);
    let ring = input
        .ring()
        .iter()
        .map(|member| [compressed(member.target_key), compressed(member.commitment)]);
    decode(input)?.verify(
        ring.collect(),
        &compressed(*input.key_image()),
        &compressed(*input.pseudo_output()),
        message,
    )
}

/// The signature as the library takes it, if its scalars are reduced.
pub(super) fn decode(input: &Input) -> Result<Clsag, ClsagError> {
    Clsag::read(input.ring().len(), &mut input.signature()).map_err(|_| ClsagError::InvalidS)
}
