//! ML-DSA (FIPS 204): signatures that a quantum computer does not forge.

use ml_dsa::{
    EncodedSignature, EncodedVerifyingKey, Keypair as _, MlDsa44, MlDsa65, MlDsa87, MlDsaParams,
    Signature, SigningKey, VerifyingKey,
};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, random};

/// One of the three parameter sets of FIPS 204.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterSet {
    /// ML-DSA-44: keys of 1,312 bytes, signatures of 2,420.
    MlDsa44,
    /// ML-DSA-65: keys of 1,952 bytes, signatures of 3,309.
    MlDsa65,
    /// ML-DSA-87: keys of 2,592 bytes, signatures of 4,627.
    MlDsa87,
}

/// A message with its key and signature, as they are sent.
#[derive(Clone, Debug)]
pub struct Signed {
    set: ParameterSet,
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Signed {
    /// Signs `message` with a key that comes from a seed.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the library refuses to sign, which it does not without a context.
    pub fn new(set: ParameterSet, seed: u64, message: &[u8]) -> Result<Self> {
        let (key, signature) = match set {
            ParameterSet::MlDsa44 => sign::<MlDsa44>(seed, message)?,
            ParameterSet::MlDsa65 => sign::<MlDsa65>(seed, message)?,
            ParameterSet::MlDsa87 => sign::<MlDsa87>(seed, message)?,
        };
        Ok(Self { set, key, message: message.to_vec(), signature })
    }

    /// The encoded key, and the encoded signature.
    pub fn parts(&self) -> (&[u8], &[u8]) {
        (&self.key, &self.signature)
    }

    /// The same with another signature, which may be anything.
    pub fn with_signature(self, signature: Vec<u8>) -> Self {
        Self { signature, ..self }
    }

    /// Decodes key and signature, and verifies.
    ///
    /// # Errors
    /// [`Error::Invalid`] if either decodes to nothing, or the signature does not hold.
    pub fn verify(&self) -> Result<()> {
        let _span = tracing::info_span!("verify_mldsa").entered();
        match self.set {
            ParameterSet::MlDsa44 => verify::<MlDsa44>(self),
            ParameterSet::MlDsa65 => verify::<MlDsa65>(self),
            ParameterSet::MlDsa87 => verify::<MlDsa87>(self),
        }
    }
}

fn sign<P: MlDsaParams>(seed: u64, message: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let seed: [u8; 32] = random::bytes(&mut random::source("ml-dsa", seed, 0));
    let key = SigningKey::<P>::from_seed(&seed.into());
    let signature = key.expanded_key().sign_deterministic(message, &[]);
    let signature = signature.map_err(|error| Error::invalid(format!("not signed ({error})")))?;
    Ok((key.verifying_key().encode().to_vec(), signature.encode().to_vec()))
}

fn verify<P: MlDsaParams>(signed: &Signed) -> Result<()> {
    let key = EncodedVerifyingKey::<P>::try_from(signed.key.as_slice()).ok();
    let signature = EncodedSignature::<P>::try_from(signed.signature.as_slice()).ok();
    let decoded = key.zip(signature.as_ref().and_then(Signature::<P>::decode));
    let holds = decoded.is_some_and(|(key, signature)| {
        VerifyingKey::<P>::decode(&key).verify_with_context(&signed.message, &[], &signature)
    });
    if holds { Ok(()) } else { Err(Error::invalid("its ML-DSA signature does not hold")) }
}
