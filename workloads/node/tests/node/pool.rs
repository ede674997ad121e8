//! The mempool: who comes in, who goes, and what it weighs.

use std::sync::LazyLock;

use node::crypto::Verified;
use node::fixture::Spec;
use node::mempool::{ImageIndex, Limits, Mempool, Options, Sharing};
use node::transaction::{Member, Output};
use node::{Chain, Error, Hex, Result, Transaction};

use crate::counted;
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
fn what_is_in_is_refused_again() {
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
fn two_that_spend_the_same_output_conflict() {
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
fn the_lowest_fee_goes_for_a_higher_one_only() {
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
fn what_is_invalid_evicts_nothing() {
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

/// Its coins would be lost to whoever is paid.
#[test]
fn a_payment_to_a_known_key_is_refused() {
    let known = Output { amount: 1, ..GENESIS.outputs()[3].clone() };
    let paying = paying(10, vec![verified()[0].outputs()[0].clone(), known]);
    let refused = pool(1).admit(paying, &*GENESIS, 0);
    assert!(matches!(refused, Err(Error::KnownOutput { output: 1, .. })), "{refused:?}");
}

#[test]
fn an_hour_is_enough() {
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
fn what_is_mined_goes_and_so_does_what_conflicts() {
    for images in [ImageIndex::Compact, ImageIndex::Plain, ImageIndex::Hoarding] {
        let mut pool = Mempool::new(Options { images, ..Options::default() });
        verified().iter().for_each(|one| drop(pool.admit(one.clone(), &*GENESIS, 0).unwrap()));
        let other = signed(Spec { count: 1, outputs: 3, ..SPEC }).remove(0);
        let other = Verified::check(other, &RULES).unwrap();
        assert_eq!(pool.confirm(1, &[other, verified()[1].clone()]), 2);
        assert_eq!((pool.len(), pool.key_images()), (62, 62));
        assert!(!pool.contains(&verified()[0].id()) && !pool.contains(&verified()[1].id()));
    }
}

#[test]
fn a_hoarding_index_keeps_what_was_evicted() {
    let options = Options { capacity: 1, images: ImageIndex::Hoarding, ..Options::default() };
    let mut pool = Mempool::new(options);
    ranked().into_iter().for_each(|one| drop(pool.admit(one, &*GENESIS, 0).unwrap()));
    assert_eq!((pool.len(), pool.inputs(), pool.key_images()), (1, 1, 64));
}

#[test]
fn old_minting_goes() {
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

/// What the pool says that it holds is what its thread's allocations say, at every step.
#[test]
fn it_weighs_what_it_says() {
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
fn sizing_allocates_nothing_and_encoding_one_block() {
    let transaction = &verified()[0];
    let before = counted::blocks();
    let size = transaction.estimate_size() + transaction.fee_rate() as usize;
    assert_eq!((counted::blocks() - before, size > 0), (0, true));
    assert_eq!(transaction.encode().len(), transaction.estimate_size());
    assert_eq!(counted::blocks() - before, 1);
}

#[test]
fn a_template_shares_what_the_pool_has() {
    let mut pool = pool(64);
    verified().iter().for_each(|one| drop(pool.admit(one.clone(), &*GENESIS, 0).unwrap()));
    let limits = Limits { transactions: 64, bytes: usize::MAX };
    let weigh = |sharing| {
        let before = counted::live();
        let template = pool.template(1, &GENESIS.id(), limits, sharing);
        assert_eq!(template.len(), 64);
        counted::live() - before
    };
    // Shared, a template is a pointer for each.
    assert_eq!(weigh(Sharing::Shared), 64 * 8);
    assert_eq!(weigh(Sharing::Cloned), 64 * 8 + pool.usage().transactions as isize);
}
