//! Making a private transaction: rings, key images and signatures.

use monero_clsag::{Clsag, ClsagContext, Decoys};
use monero_ed25519::{CompressedPoint, Point, Scalar};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::transaction::{Input, Member, Output, Private};
use crate::wallet::Owned;
use crate::{Error, Result, curve};

/// The output that one input spends, and its ring.
#[derive(Debug)]
pub struct Spend {
    /// The output, as its owner recognised it.
    pub owned: Owned,
    /// The ring, with the output in it.
    pub ring: Vec<Member>,
    /// Where in the ring it stands.
    pub position: u8,
}

impl Spend {
    fn image(&self) -> Point {
        let key = self.ring.get(usize::from(self.position)).map(|member| member.target_key);
        curve::times(Point::biased_hash(key.unwrap_or_default()), self.owned.secret)
    }

    fn context(&self) -> Option<ClsagContext> {
        let point = |bytes: &[u8; 32]| CompressedPoint::from(*bytes).decompress();
        let ring = self
            .ring
            .iter()
            .map(|member| Some([point(&member.target_key)?, point(&member.commitment)?]));
        // Rings name their members themselves, so that no offsets into a list of outputs are needed.
        let offsets = vec![1; self.ring.len()];
        let decoys = Decoys::new(offsets, self.position, ring.collect::<Option<_>>()?)?;
        ClsagContext::new(decoys, curve::open_commitment(self.owned.amount)).ok()
    }
}

/// Signs a transaction that spends `spends` on `outputs` and a fee. The same source gives the same
/// signature.
///
/// # Errors
/// [`Error::Invalid`] if a ring is no ring around its output or the amounts do not add up.
pub fn sign(
    spends: Vec<Spend>,
    outputs: Vec<Output>,
    fee: u64,
    source: &mut ChaCha20Rng,
) -> Result<Private> {
    let rings: Vec<&[Member]> = spends.iter().map(|spend| spend.ring.as_slice()).collect();
    let message = message(fee, &rings, &outputs);
    let images: Vec<Point> = spends.iter().map(Spend::image).collect();
    let contexts =
        spends.iter().map(|spend| Some((Zeroizing::new(spend.owned.secret), spend.context()?)));
    let contexts: Option<Vec<_>> = contexts.collect();
    let contexts = contexts.ok_or_else(|| Error::invalid("a ring is not one around its output"))?;
    let masks = curve::small(outputs.len() as u64);
    let signed = Clsag::sign(source, contexts, masks, message)
        .map_err(|error| Error::invalid(format!("it cannot be signed ({error})")))?;
    let inputs = spends.into_iter().zip(images).zip(signed);
    let inputs = inputs.map(|((spend, image), (signature, pseudo_output))| {
        Input::new(
            spend.ring.into(),
            image.compress().to_bytes(),
            pseudo_output.compress().to_bytes(),
            encode(&signature).into(),
        )
    });
    Ok(Private::new(fee, inputs.collect(), outputs.into()))
}

/// The hash that the signatures of a transaction sign.
pub(crate) fn message(fee: u64, rings: &[&[Member]], outputs: &[Output]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    Private::encode_signed(fee, rings, outputs, &mut hasher);
    hasher.finalize().into()
}

fn encode(signature: &Clsag) -> Vec<u8> {
    let scalars = signature.s.iter().chain([&signature.c1]);
    let mut bytes = Vec::with_capacity(32 * (signature.s.len() + 2));
    for scalar in scalars {
        bytes.extend_from_slice(&<[u8; 32]>::from(Scalar::clone(scalar)));
    }
    bytes.extend_from_slice(&signature.D.to_bytes());
    bytes
}
