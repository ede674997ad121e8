//! A signature holds for its message, its epoch and its key, and no bit of it may change.

use std::sync::OnceLock;

use keygen::{Digest, Epoch, PublicKey, Signature, TreeRetention, VerifyError};
use proptest::prelude::*;

use crate::keys::{key, lifetime};

const MESSAGE: [u8; 32] = [7; 32];
const EPOCH: Epoch = Epoch(9);

fn signed() -> &'static (PublicKey, Vec<u8>) {
    static SIGNED: OnceLock<(PublicKey, Vec<u8>)> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let (public, mut secret) = key(4, TreeRetention::WholeTree);
        let signature = secret.sign(EPOCH, &MESSAGE).unwrap();
        (public, signature.to_bytes())
    })
}

fn signature() -> Signature {
    Signature::from_bytes(lifetime(4), &signed().1).unwrap()
}

#[test]
fn another_epoch_is_refused() {
    for epoch in (0..16).map(Epoch).filter(|&epoch| epoch != EPOCH) {
        let (public, _) = signed();
        assert_eq!(public.verify(epoch, &MESSAGE, &signature()), Err(VerifyError::Forged));
    }
}

#[test]
fn an_epoch_past_the_lifetime_is_refused() {
    let (public, _) = signed();
    for epoch in [16, 25, u32::MAX].map(Epoch) {
        let refused = VerifyError::OutsideLifetime { epoch, lifetime: lifetime(4) };
        assert_eq!(public.verify(epoch, &MESSAGE, &signature()), Err(refused));
    }
}

#[test]
fn a_signature_of_another_lifetime_is_refused() {
    let bytes = [&signed().1[..], &[0; 2 * Digest::BYTES]].concat();
    let longer = Signature::from_bytes(lifetime(6), &bytes).unwrap();
    let refused = VerifyError::PathLength { found: 6, expected: 4 };
    assert_eq!(signed().0.verify(EPOCH, &MESSAGE, &longer), Err(refused));
}

#[test]
fn a_truncated_signature_is_no_signature() {
    let bytes = &signed().1;
    // 5 · 4 + 22 · 28 + 4 · 28
    assert_eq!(bytes.len(), 748);
    for length in 0..748 {
        assert!(Signature::from_bytes(lifetime(4), &bytes[..length]).is_err(), "{length} bytes");
    }
}

proptest! {
    #[test]
    fn another_message_is_refused(bit in 0_usize..256) {
        let mut message = MESSAGE;
        message[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(
            signed().0.verify(EPOCH, &message, &signature()),
            Err(VerifyError::Forged)
        );
    }

    #[test]
    fn another_bit_is_refused(bit in 0_usize..8 * 748) {
        let (public, mut bytes) = signed().clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        // A bit may also take an element past the order of the field.
        if let Ok(forged) = Signature::from_bytes(lifetime(4), &bytes) {
            prop_assert_eq!(public.verify(EPOCH, &MESSAGE, &forged), Err(VerifyError::Forged));
        }
    }

    #[test]
    fn another_key_is_refused(bit in 8_usize..8 * 49) {
        let mut bytes = signed().0.to_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(public) = PublicKey::from_bytes(&bytes) {
            prop_assert_eq!(
                public.verify(EPOCH, &MESSAGE, &signature()),
                Err(VerifyError::Forged)
            );
        }
    }
}
