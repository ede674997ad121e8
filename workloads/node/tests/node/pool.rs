//! The mempool: what it lets in, what leaves, and its memory.

use std::sync::LazyLock;

use node::crypto::Verified;
use node::mempool::{ImageIndex, Limits, Mempool, Options, Sharing};
use node::transaction::{Member, Output};
use node::{Chain, Error, Hex, Result, Transaction};

use crate::counted;
use crate::fixture::Spec;
use crate::hoard::Hoard;
use crate::test_chain::{GENESIS, RULES, SPEC, paying, signed, verified};

fn pool(capacity: usize) -> Mempool {
    Mempool::new(Options { capacity, ..Options::default() })
}

fn rate(transaction: &Verified) -> u64 {
    transaction.fee_rate()
}

/// A chain on which everything is spent.
struct Spent;

impl Chain for Spent {
    fn height(&self) -> Result<u64> {
        Ok(9)
    }

    fn is_spent(&self, _: &[u8; 32]) -> Result<bool> {
        Ok(true)
    }

    fn has_output(&self, member: &Member) -> Result<bool> {
        GENESIS.has_output(member)
    }

    fn has_key(&self, target_key: &[u8; 32]) -> Result<bool> {
        GENESIS.has_key(target_key)
    }
}

#[test]
fn known_transaction_is_refused() {
    let mut pool = pool(10);
    let admitted = pool.admit(verified()[0].clone(), &*GENESIS, 0).unwrap();
    assert!(pool.contains(&admitted.id) && admitted.evicted.is_none());
    assert_eq!(pool.encoded_bytes(), verified()[0].estimate_size());
    let again = pool.admit(verified()[0].clone(), &*GENESIS, 0);
    assert!(matches!(again, Err(Error::Known { .. })));
    let spent = pool.admit(verified()[1].clone(), &Spent, 0);
    assert!(matches!(spent, Err(Error::Spent { .. })));
    assert_eq!(pool.len(), 1);
}

#[test]
fn transactions_that_spend_the_same_output_conflict() {
    // With another number of outputs, the same seed spends the same output on something else.
    let other = signed(Spec { count: 1, outputs: 3, ..SPEC }).remove(0);
    let other = Verified::check(other, &RULES).unwrap();
    assert_eq!(other.inputs()[0].key_image(), verified()[0].inputs()[0].key_image());
    for images in [ImageIndex::Compact, ImageIndex::Plain] {
        for filter_bits in [0, 10] {
            let mut pool = Mempool::new(Options { images, filter_bits, ..Options::default() });
            pool.admit(verified()[0].clone(), &*GENESIS, 0).unwrap();
            let refused = pool.admit(other.clone(), &*GENESIS, 0);
            assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
        }
    }
    let foreign = signed(Spec { seed: 8, count: 1, ..SPEC }).remove(0);
    let foreign = Verified::check(foreign, &RULES).unwrap();
    let foreign = pool(1).admit(foreign, &*GENESIS, 0);
    assert!(matches!(foreign, Err(Error::UnknownOutput { input: 0, .. })), "{foreign:?}");
}

#[test]
fn lowest_fee_is_evicted_for_a_higher_one_only() {
    let mut pool = pool(20);
    for transaction in verified() {
        let lowest = pool.lowest_rate();
        let full = pool.len() == 20;
        match pool.admit(transaction.clone(), &*GENESIS, 0) {
            Ok(admitted) => {
                assert_eq!(admitted.evicted.as_ref().map(rate), lowest.filter(|_| full))
            }
            Err(Error::PoolFull { lowest: least, offered }) => {
                assert_eq!((least, offered), (lowest.unwrap(), rate(transaction)));
                assert!(offered <= least);
            }
            Err(error) => panic!("{error}"),
        }
        assert_eq!(pool.key_images(), pool.inputs());
    }
    let mut best: Vec<u64> = verified().iter().map(rate).collect();
    best.sort_unstable_by(|one, other| other.cmp(one));
    let limits = Limits { transactions: 100, bytes: usize::MAX };
    let kept: Vec<u64> =
        pool.template(1, &GENESIS.id(), limits, Sharing::Shared).iter().map(rate).collect();
    assert_eq!(kept, best[..20]);
}

#[test]
fn refused_transaction_evicts_nothing() {
    let mut pool = pool(1);
    let ranked = ranked();
    pool.admit(ranked[0].clone(), &*GENESIS, 0).unwrap();
    assert!(pool.admit(ranked[63].clone(), &Spent, 0).is_err());
    assert_eq!(pool.lowest_rate(), Some(rate(&ranked[0])));
    assert!(pool.admit(ranked[63].clone(), &*GENESIS, 0).unwrap().evicted.is_some());
}

/// From the lowest rate to the highest.
fn ranked() -> Vec<Verified> {
    let mut ranked = verified().to_vec();
    ranked.sort_unstable_by_key(rate);
    ranked
}

/// Its coins would be lost to the payee.
#[test]
fn payment_to_a_known_key_is_refused() {
    let known = Output { amount: 1, ..GENESIS.outputs()[3].clone() };
    let paying = paying(10, vec![verified()[0].outputs()[0].clone(), known]);
    let refused = pool(1).admit(paying, &*GENESIS, 0);
    assert!(matches!(refused, Err(Error::KnownOutput { output: 1, .. })), "{refused:?}");
}

#[test]
fn transactions_expire_after_an_hour() {
    let mut pool = pool(100);
    for (at, transaction) in verified().iter().enumerate() {
        pool.admit(transaction.clone(), &*GENESIS, 1000 + at as u64).unwrap();
    }
    assert_eq!(pool.expire(1000 + 3600), 0);
    // Those that came before second 1005 have waited for longer: five.
    assert_eq!(pool.expire(1005 + 3600), 5);
    assert_eq!((pool.len(), pool.key_images()), (59, 59));
    assert_eq!(pool.expire(u64::MAX), 59);
    assert!(pool.is_empty());
}

#[test]
fn mined_and_conflicting_transactions_leave() {
    for images in [ImageIndex::Compact, ImageIndex::Plain] {
        let mut pool = Mempool::new(Options { images, ..Options::default() });
        verified().iter().for_each(|one| drop(pool.admit(one.clone(), &*GENESIS, 0).unwrap()));
        let other = signed(Spec { count: 1, outputs: 3, ..SPEC }).remove(0);
        let other = Verified::check(other, &RULES).unwrap();
        assert_eq!(pool.confirm(1, &[other, verified()[1].clone()]), 2);
        assert_eq!((pool.len(), pool.key_images()), (62, 62));
        assert!(!pool.contains(&verified()[0].id()) && !pool.contains(&verified()[1].id()));
    }
}

/// Of 64 transactions that each evict the one before, the pool has one key image and the hoard all.
#[test]
fn hoard_keeps_images_of_evicted_transactions_and_drops_those_of_mined_ones() {
    let (mut pool, mut hoard) = (pool(1), Hoard::default());
    for transaction in ranked() {
        pool.admit(transaction.clone(), &*GENESIS, 0).unwrap();
        hoard.insert(&transaction);
    }
    assert_eq!((pool.len(), pool.key_images(), hoard.len()), (1, 1, 64));
    let mined = ranked().split_off(63);
    pool.confirm(1, &mined);
    hoard.confirm(&mined);
    assert_eq!((pool.len(), pool.key_images(), hoard.len()), (0, 0, 63));
}

#[test]
fn minting_for_a_past_height_leaves() {
    let minted = signed(Spec { inputs: 0, count: 4, ..SPEC });
    let mut pool = pool(10);
    for minting in &minted {
        let minting = Verified::check(minting.clone(), &RULES).unwrap();
        pool.admit(minting, &*GENESIS, 0).unwrap();
    }
    let Transaction::Minting(third) = &*minted[2] else { panic!("it spends something") };
    let template = |height, parent: &[u8; 32]| {
        let limits = Limits::default();
        pool.template(height, &Hex(*parent), limits, Sharing::Shared).len()
    };
    assert_eq!(template(3, &third.minted().parent), 1);
    assert_eq!(template(2, &third.minted().parent) + template(3, &[0; 32]), 0);
    assert_eq!(pool.confirm(3, &[]), 3);
    assert_eq!(pool.len(), 1);
}

/// The pool's own count equals the live bytes of its thread at every step.
#[test]
fn heap_size_equals_the_allocations() {
    static COPIES: LazyLock<Vec<Vec<u8>>> =
        LazyLock::new(|| verified().iter().map(|one| one.encode()).collect());
    // Made before anything is counted.
    let (copies, genesis) = (COPIES.iter(), &*GENESIS);
    for (images, filter_bits, expand) in [
        (ImageIndex::Compact, 0, false),
        (ImageIndex::Plain, 0, false),
        (ImageIndex::Compact, 10, true),
    ] {
        let options = Options { capacity: 50, images, filter_bits, expand, ..Options::default() };
        let before = counted::live();
        let mut pool = Mempool::new(options);
        let same = |pool: &Mempool| {
            assert_eq!(counted::live() - before, pool.heap_size() as isize, "{options:?}");
        };
        for (now, bytes) in copies.clone().enumerate() {
            let transaction = Transaction::decode(bytes).unwrap();
            let transaction = Verified::check(transaction.into(), &RULES).unwrap();
            drop(pool.admit(transaction, genesis, now as u64));
            same(&pool);
        }
        for now in 0..80 {
            pool.expire(3600 + now);
            same(&pool);
        }
        assert_eq!((pool.len(), pool.heap_size()), (0, 0));
        drop(pool);
        assert_eq!(counted::live(), before);
    }
}

#[test]
fn sizing_allocates_nothing_and_encoding_allocates_one_block() {
    let transaction = &verified()[0];
    let before = counted::blocks();
    let size = transaction.estimate_size() + transaction.fee_rate() as usize;
    assert_eq!((counted::blocks() - before, size > 0), (0, true));
    assert_eq!(transaction.encode().len(), transaction.estimate_size());
    assert_eq!(counted::blocks() - before, 1);
}

#[test]
fn template_shares_the_transactions_of_the_pool() {
    let mut pool = pool(64);
    verified().iter().for_each(|one| drop(pool.admit(one.clone(), &*GENESIS, 0).unwrap()));
    let limits = Limits { transactions: 64, bytes: usize::MAX };
    let bytes_of = |sharing| {
        let before = counted::live();
        let template = pool.template(1, &GENESIS.id(), limits, sharing);
        assert_eq!(template.len(), 64);
        counted::live() - before
    };
    // Shared, a template is a pointer for each.
    assert_eq!(bytes_of(Sharing::Shared), 64 * 8);
    assert_eq!(bytes_of(Sharing::Cloned), 64 * 8 + pool.usage().transactions as isize);
}
