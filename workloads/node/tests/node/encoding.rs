//! Transactions as bytes, and bytes that are none.

use std::sync::LazyLock;

use node::transaction::LONGEST_BYTES;
use node::{Block, Hex, Transaction};
use proptest::prelude::*;

use crate::fixture::Spec;
use crate::test_chain::{signed, verified};

/// One transaction of every shape.
static SHAPES: LazyLock<Vec<Transaction>> = LazyLock::new(|| {
    let spec = |inputs, outputs, ring, memo, quantum| Spec {
        seed: 9,
        count: 1,
        inputs,
        outputs,
        ring,
        memo,
        quantum,
    };
    let mut specs = vec![spec(1, 2, 20, false, false), spec(16, 16, 2, true, true)];
    for inputs in [0, 1, 2] {
        for (memo, quantum) in [(false, false), (true, false), (false, true), (true, true)] {
            specs.push(spec(inputs, 3, 3, memo, quantum));
        }
    }
    specs.into_iter().flat_map(signed).map(|shared| Transaction::clone(&shared)).collect()
});

#[test]
fn sizes_equal_those_computed_by_hand() {
    let size = |spec| signed(spec)[0].estimate_size();
    let plain =
        Spec { seed: 9, count: 1, inputs: 1, outputs: 2, ring: 20, memo: false, quantum: false };
    // 12 of head; a ring of 20 · 96, 64 of image and commitment, 20 · 32 + 64 of signature; 2 · 81.
    assert_eq!(size(plain), 12 + 1920 + 64 + 704 + 162);
    assert_eq!(size(Spec { memo: true, ..plain }), 2862 + 2 * 66);
    assert_eq!(size(Spec { memo: true, quantum: true, ..plain }), 2862 + 2 * (66 + 1088));
    // 122 of head and nonce, and one output.
    assert_eq!(size(Spec { inputs: 0, ..plain }), 122 + 81);
    assert_eq!(size(Spec { inputs: 0, memo: true, quantum: true, ..plain }), 122 + 81 + 66 + 1088);
}

#[test]
fn every_shape_decodes_and_has_its_estimated_size() {
    for transaction in SHAPES.iter() {
        let bytes = transaction.encode();
        assert_eq!(bytes.len(), transaction.estimate_size());
        assert_eq!(bytes.capacity(), bytes.len());
        assert!(bytes.len() <= LONGEST_BYTES);
        assert_eq!(&Transaction::decode(&bytes).unwrap(), transaction);
    }
}

#[test]
fn prefix_or_extension_of_a_transaction_does_not_decode() {
    for transaction in SHAPES.iter() {
        let mut bytes = transaction.encode();
        for cut in (0..bytes.len()).step_by(7) {
            assert!(Transaction::decode(&bytes[..cut]).is_err());
        }
        bytes.push(0);
        assert!(Transaction::decode(&bytes).is_err());
    }
    assert!(Transaction::decode(&vec![1; LONGEST_BYTES + 1]).is_err());
}

/// An output whose every field is arbitrary, with and without memo and ciphertext.
fn output() -> impl Strategy<Value = Vec<u8>> {
    let keys = any::<[[u8; 32]; 2]>();
    (any::<[u64; 2]>(), keys, 0_u8..4, any::<u8>()).prop_map(
        |([amount, cluster], keys, has, fill)| {
            let mut bytes = amount.to_le_bytes().to_vec();
            bytes.extend(keys.concat());
            bytes.extend(cluster.to_le_bytes());
            bytes.push(has);
            let rest = [0, 66, 1088, 66 + 1088][usize::from(has)];
            bytes.resize(bytes.len() + rest, fill);
            bytes
        },
    )
}

/// A private transaction: its signature need not hold to have a size.
fn private() -> impl Strategy<Value = Vec<u8>> {
    let outputs = proptest::collection::vec(output(), 2..=16);
    (1_usize..=16, outputs, 2_usize..=32, any::<u64>(), any::<u8>()).prop_map(
        |(inputs, outputs, ring, fee, fill)| {
            let mut bytes = vec![1];
            bytes.extend(fee.to_le_bytes());
            bytes.extend([inputs as u8, outputs.len() as u8, ring as u8]);
            bytes.resize(bytes.len() + inputs * (ring * 96 + 64 + ring * 32 + 64), fill);
            bytes.extend(outputs.concat());
            bytes
        },
    )
}

/// A minting transaction: height, parent, time, difficulty and two keys; the output; the nonce.
fn minting() -> impl Strategy<Value = Vec<u8>> {
    let fields = (any::<[u64; 3]>(), any::<u8>(), any::<[[u8; 32]; 3]>());
    (fields, output()).prop_map(|(([height, time, nonce], bits, keys), output)| {
        let mut bytes = vec![2];
        bytes.extend(height.to_le_bytes());
        bytes.extend(keys[0]);
        bytes.extend(time.to_le_bytes());
        bytes.push(bits);
        bytes.extend(keys[1..].concat());
        bytes.extend(output);
        bytes.extend(nonce.to_le_bytes());
        bytes
    })
}

/// Every kind of transaction.
fn arbitrary() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![private(), minting()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn decoded_transaction_has_its_estimated_size(bytes in arbitrary()) {
        let transaction = Transaction::decode(&bytes).unwrap();
        prop_assert_eq!(transaction.estimate_size(), bytes.len());
        prop_assert_eq!(transaction.encode(), bytes);
    }

    #[test]
    fn random_bytes_do_not_panic(kind in 0_u8..4, bytes in proptest::collection::vec(any::<u8>(), 0..4000)) {
        let bytes: Vec<u8> = std::iter::once(kind).chain(bytes).collect();
        if let Ok(transaction) = Transaction::decode(&bytes) {
            prop_assert_eq!(transaction.encode(), bytes);
        }
    }

    #[test]
    fn damaged_blocks_do_not_panic(count in 0_u32..9, at: prop::sample::Index, to: u8) {
        let block = Block::new(1, Hex([7; 32]), 5, verified()[..count as usize].to_vec());
        let mut bytes = block.encode();
        let (header, transactions) = node::block::decode(&bytes).unwrap();
        prop_assert_eq!((&header, transactions.len()), (block.header(), count as usize));
        let at = at.index(bytes.len());
        let same = std::mem::replace(&mut bytes[at], to) == to;
        // All but the header's own height, parent and time is hashed into it, or is its length.
        let header_alone = at < 48;
        prop_assert_eq!(node::block::decode(&bytes).is_ok(), same || header_alone);
    }

    #[test]
    fn damaged_transactions_do_not_panic(shape: prop::sample::Index, at: prop::sample::Index, to: u8) {
        let mut bytes = shape.get(&SHAPES[..]).encode();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(transaction) = Transaction::decode(&bytes) {
            // Bounded: what is on the heap is what was read, and a few words for each part.
            let parts = 96 * (transaction.inputs().len() + transaction.outputs().len());
            prop_assert!(transaction.heap_size() <= bytes.len() + parts);
            prop_assert_eq!(transaction.encode(), bytes);
        }
    }
}
