//! What verifies, and what does not.

use std::sync::Arc;

use monero_clsag::ClsagError;
use monero_ed25519::{CompressedPoint, Point};
use node::crypto::{
    Expanded, ParameterSet, Signed, Verified, verify_all, verify_parallel, verify_ring,
};
use node::{Error, Rules, Transaction};

use crate::fixture::Spec;
use crate::test_chain::{RULES, SPEC, forged, signed, transactions};

fn check(bytes: &[u8]) -> node::Result<Verified> {
    Verified::check(Arc::new(Transaction::decode(bytes)?), &RULES)
}

#[test]
fn signed_transactions_verify_alone_and_in_batches() {
    for transaction in transactions() {
        Verified::check(transaction.clone(), &RULES).unwrap();
    }
    verify_all(transactions(), &RULES).unwrap();
    verify_parallel(transactions(), &RULES).unwrap();
    let Transaction::Private(private) = &*transactions()[0] else { panic!("not private") };
    verify_ring(private, 0).unwrap();
    assert!(matches!(verify_ring(private, 1), Err(Error::Invalid { .. })));
    Expanded::of(&transactions()[0]).unwrap().verify(private).unwrap();
}

/// The input whose signature does not hold, and the error of the library.
fn signature_of<T>(result: node::Result<T>) -> (usize, ClsagError) {
    match result {
        Err(Error::Signature { input, source }) => (input, source),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it holds"),
    }
}

#[test]
fn batch_with_an_invalid_transaction_fails() {
    let mut batch = transactions().to_vec();
    let forged = Arc::new(Transaction::decode(&forged(&batch[40], 0)).unwrap());
    let single = signature_of(Verified::check(forged.clone(), &RULES));
    assert_eq!(single, (0, ClsagError::InvalidC1));
    batch[40] = forged;
    assert_eq!(signature_of(verify_all(&batch, &RULES)), single);
    assert_eq!(signature_of(verify_parallel(&batch, &RULES)), single);
    batch[40] = transactions()[40].clone();
    verify_all(&batch, &RULES).unwrap();
}

#[test]
fn every_input_has_to_be_signed() {
    let spec = Spec { count: 2, inputs: 2, outputs: 2, quantum: true, ..SPEC };
    let two = signed(spec).remove(0);
    for input in [0, 1] {
        let forged = Transaction::decode(&forged(&two, input)).unwrap();
        let Transaction::Private(private) = &forged else { panic!("not private") };
        let wrong = (input, ClsagError::InvalidC1);
        assert_eq!(signature_of(verify_ring(private, input)), wrong);
        verify_ring(private, 1 - input).unwrap();
        let expanded = Expanded::of(&forged).unwrap();
        assert_eq!(signature_of(expanded.verify(private)), wrong);
        assert_eq!(signature_of(Verified::check(Arc::new(forged), &RULES)), wrong);
    }
}

/// With a point of small order added, a key image would be another one for the same output, which could then be
/// spent eight times.
#[test]
fn key_image_with_torsion_is_refused() {
    let image = *transactions()[0].inputs()[0].key_image();
    // (0, -1), which is of order two.
    let mut small = [0xff; 32];
    (small[0], small[31]) = (0xec, 0x7f);
    let point = |bytes| CompressedPoint::from(bytes).decompress().unwrap();
    let torsion = Point::from(point(image).into() + point(small).into()).compress().to_bytes();
    let ring = transactions()[0].inputs()[0].ring().len();
    for (other, at) in [(torsion, 12 + 96 * ring), (small, 12 + 96 * ring)] {
        let mut bytes = transactions()[0].encode();
        assert_eq!(bytes[at..at + 32], image);
        bytes[at..at + 32].copy_from_slice(&other);
        let forged = Transaction::decode(&bytes).unwrap();
        let Transaction::Private(private) = &forged else { panic!("not private") };
        let expanded = Expanded::of(&forged).unwrap();
        assert_eq!(signature_of(expanded.verify(private)), (0, ClsagError::InvalidImage));
        assert_eq!(signature_of(check(&bytes)), (0, ClsagError::InvalidImage));
    }
}

#[test]
fn expansion_of_another_transaction_does_not_verify() {
    let Transaction::Private(other) = &*transactions()[1] else { panic!("not private") };
    let expanded = Expanded::of(&transactions()[0]).unwrap();
    assert_eq!(signature_of(expanded.verify(other)), (0, ClsagError::InvalidC1));
}

/// Every bit of one transaction, flipped: none of it may go unsigned.
#[test]
fn transaction_with_any_changed_byte_fails() {
    let bytes = transactions()[0].encode();
    for at in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[at] ^= 1 << (at % 8);
        assert!(check(&forged).is_err(), "byte {at} of {} can be changed", bytes.len());
    }
}

#[test]
fn many_inputs_and_outputs_verify_and_balance() {
    for (inputs, outputs, quantum) in [(2, 2, true), (16, 2, false), (3, 16, false)] {
        let spec = Spec { count: 2, inputs, outputs, quantum, ..SPEC };
        for transaction in signed(spec) {
            assert_eq!(transaction.inputs().len(), usize::from(inputs));
            assert_eq!(transaction.outputs().len(), usize::from(outputs));
            Verified::check(transaction, &RULES).unwrap();
        }
    }
}

#[test]
fn ring_of_another_size_is_refused() {
    let strict = Rules { ring: 5, ..RULES };
    let refused = Verified::check(transactions()[0].clone(), &strict).unwrap_err();
    assert_eq!(refused.to_string(), "the transaction is invalid: a ring of 4; 5 are allowed");
}

#[test]
fn minting_needs_its_work_and_its_reward() {
    let spec = Spec { inputs: 0, count: 4, ..SPEC };
    let minted = signed(spec).remove(0);
    Verified::check(minted.clone(), &RULES).unwrap();
    let harder = Rules { difficulty_bits: 9, ..RULES };
    assert!(matches!(Verified::check(minted.clone(), &harder), Err(Error::Invalid { .. })));
    let poorer = Rules { reward: 999_999, ..RULES };
    assert!(matches!(Verified::check(minted.clone(), &poorer), Err(Error::Invalid { .. })));
    let mut bytes = minted.encode();
    // The nonce is the last number: with another one, 255 of 256 hashes are too large.
    let refused = (1..=16).filter(|other| {
        let last = bytes.len() - 8;
        bytes[last + 7] = *other;
        check(&bytes).is_err()
    });
    assert!(refused.count() >= 14);
}

#[test]
fn mldsa_signature_holds_for_its_message_only() {
    for (set, key, signature) in [
        (ParameterSet::MlDsa44, 1312, 2420),
        (ParameterSet::MlDsa65, 1952, 3309),
        (ParameterSet::MlDsa87, 2592, 4627),
    ] {
        let signed = Signed::new(set, 1, b"a message").unwrap();
        signed.verify().unwrap();
        assert_eq!((signed.parts().0.len(), signed.parts().1.len()), (key, signature));
        let other = Signed::new(set, 1, b"another").unwrap().parts().1.to_vec();
        assert!(signed.clone().with_signature(other).verify().is_err());
        for broken in
            [Vec::new(), vec![0; signature], vec![0xff; signature], vec![0; signature - 1]]
        {
            assert!(signed.clone().with_signature(broken).verify().is_err());
        }
    }
}
