//! What a key signs, what it refuses, and how its window moves.

use keygen::{Epoch, SignError, TreeRetention};

use crate::keys::key;

const MESSAGE: [u8; 32] = [0x5a; 32];

#[test]
fn first_middle_and_last_epoch_sign_and_verify() {
    for log2 in [4, 6, 8, 10] {
        let (public, mut secret) = key(log2, TreeRetention::WholeTree);
        for epoch in [0, (1 << (log2 - 1)) - 1, 1 << (log2 - 1), (1 << log2) - 1].map(Epoch) {
            let signature = secret.sign(epoch, &MESSAGE).unwrap();
            assert_eq!(public.verify(epoch, &MESSAGE, &signature), Ok(()), "2^{log2}: {epoch}");
        }
    }
}

#[test]
fn an_epoch_signs_once_and_the_earlier_ones_no_more() {
    let (_, mut secret) = key(4, TreeRetention::WholeTree);
    secret.sign(Epoch(5), &MESSAGE).unwrap();
    for epoch in [5, 4, 0].map(Epoch) {
        let refused = SignError::EpochAlreadyUsed { epoch, next: 6 };
        assert_eq!(secret.sign(epoch, &[0; 32]), Err(refused));
    }
    secret.sign(Epoch(15), &MESSAGE).unwrap();
    assert_eq!(secret.next_epoch(), 16);
    let error = secret.sign(Epoch(15), &MESSAGE).unwrap_err();
    assert_eq!(error.to_string(), "epoch 15 is used up; the next that may sign is 16");
}

#[test]
fn what_is_not_active_is_refused() {
    let (_, mut secret) = key(4, TreeRetention::WholeTree);
    for epoch in [16, u32::MAX].map(Epoch) {
        let refused = SignError::OutsideActivation { epoch, active: 0..16 };
        assert_eq!(secret.sign(epoch, &MESSAGE), Err(refused));
    }
    secret.sign(Epoch(0), &MESSAGE).unwrap();
}

#[test]
fn a_bare_root_signs_nothing() {
    let (_, mut secret) = key(4, TreeRetention::RootOnly);
    let refused = SignError::NotPrepared { epoch: Epoch(0), prepared: 0..0 };
    assert_eq!(secret.sign(Epoch(0), &MESSAGE), Err(refused));
    assert!(!secret.advance_preparation());
    assert_eq!(secret.next_epoch(), 0);
}

#[test]
fn the_window_moves_tree_by_tree_to_the_end() {
    // Lifetime 2^6: eight bottom trees of eight epochs; a window of two has six moves.
    let (public, mut secret) = key(6, TreeRetention::TopAndBottomTrees);
    let (_, mut whole) = key(6, TreeRetention::WholeTree);
    for left in 0..7 {
        let prepared = 8 * left..8 * left + 16;
        assert_eq!(secret.prepared_epochs(), prepared);
        let past = Epoch(prepared.end as u32);
        let expected = match left {
            6 => SignError::OutsideActivation { epoch: past, active: 0..64 },
            _ => SignError::NotPrepared { epoch: past, prepared: prepared.clone() },
        };
        assert_eq!(secret.sign(past, &MESSAGE), Err(expected));
        // The last epoch of the left tree, and the first of the right one.
        for epoch in [8 * left + 7, 8 * left + 8].map(|epoch| Epoch(epoch as u32)) {
            let signature = secret.sign(epoch, &MESSAGE).unwrap();
            assert_eq!(public.verify(epoch, &MESSAGE, &signature), Ok(()));
            assert_eq!(whole.sign(epoch, &MESSAGE), Ok(signature));
        }
        assert_eq!(secret.advance_preparation(), left < 6);
    }
}

#[test]
fn what_is_secret_is_not_printed() {
    let (_, secret) = key(4, TreeRetention::RootOnly);
    let printed = format!("{secret:?}");
    assert_eq!(
        printed,
        "SecretKey { lifetime: Lifetime(4), active_epochs: 0..16, prepared_epochs: 0..0, \
         next_epoch: 0, .. }"
    );
}
