//! Any bytes as public key, epoch, message and signature: they are read and verified, or refused,
//! and what was read is written back the same.
//!
//! `cargo +nightly fuzz run verify` in `workloads/keygen`.
#![no_main]

use keygen::{Epoch, PublicKey, Signature};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((key, rest)) = input.split_at_checked(PublicKey::BYTES) else { return };
    let Some((epoch, rest)) = rest.split_first_chunk() else { return };
    let Some((message, bytes)) = rest.split_first_chunk() else { return };
    let Ok(public) = PublicKey::from_bytes(key) else { return };
    assert_eq!(public.to_bytes(), key);
    // Cut or filled to length, and the highest bit of each element cleared: most inputs are read.
    let mut bytes = bytes.to_vec();
    bytes.resize(Signature::encoded_len(public.lifetime()), 0);
    bytes.iter_mut().skip(3).step_by(4).for_each(|highest| *highest &= 0x7f);
    let Ok(signature) = Signature::from_bytes(public.lifetime(), &bytes) else { return };
    assert_eq!(signature.to_bytes(), bytes);
    assert!(public.verify(Epoch(u32::from_le_bytes(*epoch)), message, &signature).is_err());
});
