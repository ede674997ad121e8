//! Bytes that are no key and no signature are refused with a reason, and never with a panic.

use keygen::{DecodeError, Epoch, LifetimeError, PublicKey, Signature, TreeRetention};
use proptest::prelude::*;

use crate::keys::{key, lifetime};

/// Bytes of which most elements are canonical, so that the decoder is passed now and then.
fn elements(count: usize) -> impl Strategy<Value = Vec<u8>> {
    let element = prop_oneof![20 => 0_u32..0x7f00_0001, 1 => any::<u32>()];
    let elements = proptest::collection::vec(element, count);
    elements.prop_map(|elements| elements.into_iter().flat_map(u32::to_le_bytes).collect())
}

proptest! {
    #[test]
    fn what_is_read_as_a_signature_is_written_back(bytes in elements(5 + 7 * (22 + 4))) {
        if let Ok(signature) = Signature::from_bytes(lifetime(4), &bytes) {
            prop_assert_eq!(signature.to_bytes(), bytes);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        log2 in 2_u8..=16,
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        let _ = Signature::from_bytes(lifetime(2 * log2), &bytes);
        let _ = PublicKey::from_bytes(&bytes);
    }

    #[test]
    fn whatever_is_read_is_verified_without_a_panic(
        log2 in 2_u8..=16,
        epoch: u32,
        message: [u8; 32],
        key in elements(12),
        seed in elements(5 + 7 * (22 + 32)),
    ) {
        let lifetime = lifetime(2 * log2);
        let key = [&[2 * log2], &key[..]].concat();
        let bytes = &seed[..Signature::encoded_len(lifetime)];
        if let (Ok(public), Ok(signature)) =
            (PublicKey::from_bytes(&key), Signature::from_bytes(lifetime, bytes))
        {
            prop_assert!(public.verify(Epoch(epoch), &message, &signature).is_err());
        }
    }
}

#[test]
fn a_public_key_is_49_bytes() {
    let (public, _) = key(4, TreeRetention::RootOnly);
    let bytes = public.to_bytes();
    assert_eq!(PublicKey::from_bytes(&bytes), Ok(public));
    let refused = DecodeError::Length { found: 48, expected: 49 };
    assert_eq!(PublicKey::from_bytes(&bytes[..48]), Err(refused));

    let mut odd = bytes;
    odd[0] = 5;
    let refused = DecodeError::Lifetime(LifetimeError { log2: 5 });
    assert_eq!(PublicKey::from_bytes(&odd), Err(refused));
}

#[test]
fn an_element_has_one_encoding() {
    let (public, _) = key(4, TreeRetention::RootOnly);
    let mut bytes = public.to_bytes();
    // The order of the field would be another way to write 0.
    bytes[5..9].copy_from_slice(&0x7f00_0001_u32.to_le_bytes());
    let refused = DecodeError::NotCanonical { value: 0x7f00_0001, offset: 5 };
    assert_eq!(PublicKey::from_bytes(&bytes), Err(refused));
    bytes[5..9].copy_from_slice(&0x7f00_0000_u32.to_le_bytes());
    assert!(PublicKey::from_bytes(&bytes).is_ok());
}
